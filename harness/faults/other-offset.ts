import { encodeHeaderValue } from '../../runtime/header-value.js';
import { formatInstant, instantNanoseconds } from '../../runtime/instant.js';
import { type Rewritten, rewriting, withBody, withHeaders } from './rewrite.js';

interface OtherOffset extends Rewritten {
  readonly fault: 'other-offset';
  /** How far the sender's clock shows another time than UTC. */
  readonly minutes: number;
  /** Behind UTC; default ahead. */
  readonly west?: boolean;
}

/** A sender of another zone, or another library: the same instant, written in another way. */
export const otherOffset = rewriting<OtherOffset>({
  id: 'other-offset',
  title: 'A message tells its instant with another offset.',
  words: (planned) => `${planned.step} tells its instant at ${offsetOf(planned)}`,
  fields: { minutes: 'number', west: 'boolean?' },
  change(message, planned) {
    const told = message.headers['ce-time'];
    const instant = told === undefined ? undefined : instantNanoseconds(decodeURIComponent(told));
    if (told === undefined || instant === undefined) return message;
    const shift = BigInt(planned.west === true ? -planned.minutes : planned.minutes) * 60_000_000n;
    const written = formatInstant(instant / 1000n + shift).replace('Z', offsetOf(planned));
    // Wherever the contract puts it: the same text as in the header.
    const text = new TextDecoder().decode(message.body).replaceAll(decodeURIComponent(told), written);
    return withHeaders(withBody(message, text), { 'ce-time': encodeHeaderValue(written) });
  },
});

function offsetOf({ minutes, west }: OtherOffset): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${west === true ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
