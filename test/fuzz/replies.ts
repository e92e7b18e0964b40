import type { RandomStream } from '../../generator/schema/random.js';

/** What a hostile or broken provider does to a call. */
export type Reply =
  | {
      readonly kind: 'response';
      readonly status: number;
      readonly type: string | undefined;
      readonly body: Uint8Array<ArrayBuffer> | null;
      readonly broken: boolean;
      readonly untouched: boolean;
    }
  | { readonly kind: 'stalled'; readonly status: number }
  | { readonly kind: 'thrown'; readonly error: unknown };

export interface Documented {
  readonly statuses: readonly number[];
  readonly types: readonly string[];
  /** A valid body, written. */
  readonly text: string;
  /** Status and media type of that body. */
  readonly status: number;
  readonly type: string | undefined;
}

const encoder = new TextEncoder();

/** A reply near to the documented one, or far from it. */
export function replyOf(random: RandomStream, documented: Documented): Reply {
  if (random.chance(0.004)) return { kind: 'stalled', status: documented.status };
  if (random.chance(0.02)) return { kind: 'thrown', error: random.pick(thrown)?.() };
  const untouched = random.chance(0.1);
  const status = untouched || random.chance(0.7) ? documented.status : anyStatus(random, documented);
  const type = untouched || random.chance(0.75) ? documented.type : random.pick([...documented.types, ...types]);
  const body = bodiless.has(status)
    ? null
    : untouched
      ? encoder.encode(documented.text)
      : bodyOf(random, documented.text);
  return {
    kind: 'response',
    status,
    type,
    body,
    broken: !untouched && body !== null && random.chance(0.03),
    untouched,
  };
}

const bodiless = new Set([204, 205, 304]);
const types = [
  'application/json',
  'application/json; charset=utf-16',
  'text/html',
  'text/json',
  'application/problem+json',
  'application/octet-stream',
  'multipart/form-data; boundary=x',
  'application/x-www-form-urlencoded',
  'image/png',
  ';;;',
  '*/*',
  undefined,
];
const thrown: readonly (() => unknown)[] = [
  () => new TypeError('fetch failed'),
  () => 'a text',
  () => undefined,
  () => null,
  () => ({ code: 'ECONNRESET' }),
  () => new RangeError('far'),
];

function anyStatus(random: RandomStream, { statuses }: Documented): number {
  return random.chance(0.5) ? (random.pick(statuses) ?? 200) : random.between(200, 599);
}

function bodyOf(random: RandomStream, text: string): Uint8Array<ArrayBuffer> {
  const kind = random.next();
  if (kind < 0.6) return encoder.encode(mutatedJson(random, text));
  if (kind < 0.7) return encoder.encode(text.slice(0, random.between(0, text.length)));
  if (kind < 0.8) return flipped(random, encoder.encode(text));
  if (kind < 0.88) return Uint8Array.from({ length: random.between(0, 80) }, () => random.between(0, 255));
  return encoder.encode(random.pick(oddities(text)) ?? '');
}

function oddities(text: string): readonly string[] {
  return [
    '',
    ' ',
    'null',
    '[]',
    '{}',
    '""',
    '0',
    '-0',
    '1e999',
    'NaN',
    'undefined',
    `\ufeff${text}`,
    `${text}${text}`,
    `${text} //`,
    '{"__proto__":{"id":1}}',
    text.replace('{', '{"__proto__":null,'),
    text.replace('{', '{"constructor":1,'),
    '"\\ud800"',
    '['.repeat(2_000),
    `${'['.repeat(500)}${']'.repeat(500)}`,
    text.replace(/\d+/, '9007199254740993'),
    text.replace(/\d+/, '1e999'),
    text.replace(/"[^"]*"$/, 'null'),
    deepTree(200),
    deepTree(20_000),
  ];
}

/** Validators and readers that recurse have an end somewhere. */
function deepTree(depth: number): string {
  return `${'{"value":1,"children":['.repeat(depth)}${']}'.repeat(depth)}`;
}

function flipped(random: RandomStream, bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const copy = bytes.slice();
  for (let count = random.between(1, 3); count > 0 && copy.length > 0; count--)
    copy[random.between(0, copy.length - 1)] = random.between(0, 255);
  return copy;
}

/** Changes one to three places of a JSON value; what is no JSON gets something in its middle. */
function mutatedJson(random: RandomStream, text: string): string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return `${text.slice(0, text.length >> 1)}\u0000${text.slice(text.length >> 1)}`;
  }
  for (let count = random.between(1, 3); count > 0; count--) value = mutated(random, value);
  return JSON.stringify(value) ?? 'null';
}

function mutated(random: RandomStream, value: unknown): unknown {
  const deeper = typeof value === 'object' && value !== null && Object.keys(value).length > 0 && random.chance(0.75);
  if (!deeper) return changed(random, value);
  if (Array.isArray(value)) {
    const index = random.between(0, value.length - 1);
    const kind = random.next();
    if (kind < 0.1) return value.filter((_, each) => each !== index);
    if (kind < 0.2) return [...value, value[index]];
    return value.map((item, each) => (each === index ? mutated(random, item) : item));
  }
  const entries = Object.entries(value as object);
  const [key = ''] = random.pick(entries) ?? [];
  const kind = random.next();
  if (kind < 0.2) return Object.fromEntries(entries.filter(([each]) => each !== key));
  if (kind < 0.3) return { ...(value as object), [`${key}Also`]: 1 };
  if (kind < 0.35)
    return Object.fromEntries(entries.map(([each, inner]) => [each === key ? key.toUpperCase() : each, inner]));
  return Object.fromEntries(entries.map(([each, inner]) => [each, each === key ? mutated(random, inner) : inner]));
}

function changed(random: RandomStream, value: unknown): unknown {
  const others = [null, true, 0, -1, 1.5, 1e300, '', 'other', 'open', '2026-13-45', [], {}, [value], { value }];
  if (typeof value === 'number') others.push(-value, value + 0.5, String(value), value * 1e6);
  if (typeof value === 'string') others.push(`${value} `, value.slice(1), value.toUpperCase(), Number(value) || 0);
  return random.pick(others);
}
