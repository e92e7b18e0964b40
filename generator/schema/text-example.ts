import type { RandomStream } from './random.js';

const WORDS = ['amber', 'birch', 'cedar', 'delta', 'ember', 'fjord', 'grove', 'harbor', 'inlet', 'juniper'] as const;

/** A word between two lengths, in code points. */
export function textOfLength(random: RandomStream, min: number, max: number): string {
  let text: string = random.pick(WORDS) ?? 'amber';
  while (text.length < min) text += `-${random.pick(WORDS)}`;
  return text.slice(0, Math.max(min, Math.min(max, text.length)));
}

const hex = (random: RandomStream, digits: number): string =>
  Array.from({ length: digits }, () => random.between(0, 15).toString(16)).join('');
const two = (value: number): string => String(value).padStart(2, '0');
const day = (random: RandomStream): string =>
  `20${two(random.between(20, 35))}-${two(random.between(1, 12))}-${two(random.between(1, 28))}`;
const clock = (random: RandomStream): string =>
  `${two(random.between(0, 23))}:${two(random.between(0, 59))}:${two(random.between(0, 59))}`;
const word = (random: RandomStream): string => random.pick(WORDS) ?? 'amber';

/** Texts by format. Hosts are in `example`, which leads nowhere. */
const FORMATS: Readonly<Record<string, (random: RandomStream) => string>> = {
  date: day,
  time: (random) => `${clock(random)}Z`,
  'date-time': (random) => `${day(random)}T${clock(random)}.${String(random.between(0, 999_999)).padStart(6, '0')}Z`,
  'iso-time': clock,
  'iso-date-time': (random) => `${day(random)}T${clock(random)}`,
  duration: (random) => `P${random.between(1, 30)}DT${random.between(1, 23)}H`,
  uri: (random) => `https://${word(random)}.example/${random.between(1, 999)}`,
  url: (random) => `https://${word(random)}.example/${random.between(1, 999)}`,
  'uri-reference': (random) => `/${word(random)}/${random.between(1, 999)}`,
  'uri-template': (random) => `/${word(random)}/{id}`,
  email: (random) => `${word(random)}.${random.between(1, 999)}@${word(random)}.example`,
  hostname: (random) => `${word(random)}.example`,
  ipv4: (random) => `192.0.2.${random.between(1, 254)}`,
  ipv6: (random) => `2001:db8::${hex(random, 4)}`,
  regex: (random) => `^${word(random)}$`,
  uuid: (random) => `${hex(random, 8)}-${hex(random, 4)}-4${hex(random, 3)}-8${hex(random, 3)}-${hex(random, 12)}`,
  'json-pointer': (random) => `/${word(random)}`,
  'json-pointer-uri-fragment': (random) => `#/${word(random)}`,
  'relative-json-pointer': (random) => `${random.between(0, 3)}/${word(random)}`,
  byte: (random) => ['YW1iZXI=', 'Y2VkYXI=', 'ZGVsdGE='][random.between(0, 2)] ?? '',
};

/** A text in a format; undefined for formats that have no rule. */
export function textOfFormat(random: RandomStream, format: string): string | undefined {
  return Object.hasOwn(FORMATS, format) ? FORMATS[format]?.(random) : undefined;
}
