import { gunzipSync, gzipSync } from 'node:zlib';
import type { MsgHdrs } from '@nats-io/transport-node';
import type { WireMessage } from '../../envelope.js';
import { UsageError } from '../../errors.js';
import { decodeHeaderValue, encodeHeaderValue } from '../../header-value.js';

/** Headers of this broker, which services never see. */
export const ownHeaders = {
  /** Headers that NATS cannot carry as they are, as JSON `[name, value]` pairs, percent-encoded. */
  headers: 'Sw-Nats-Headers',
  /** `gzip`: the body is compressed. */
  encoding: 'Sw-Nats-Encoding',
  /** Hand-overs before the message waited for a retry. */
  attempts: 'Sw-Nats-Attempts',
  /** How long it waits, in ms. */
  delay: 'Sw-Nats-Delay',
  /** Partition that it comes from. */
  partition: 'Sw-Nats-Partition',
} as const;

/** Of NATS or of this broker; a message may not bring them along: `Nats-Rollup: all` would empty a stream. */
const reserved = /^(nats|sw-nats)-/i;
const plainName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** Printable ASCII, no blank at either end: NATS trims, and ends a header at a line break. */
const plainValue = /^(?:[!-~](?:[ -~]*[!-~])?)?$/;

/** Left free in each message for what a retry and the dead letters add. */
const headroomBytes = 16_384;

/** What a compressed body may grow to: a few kilobytes of a stranger must not fill the memory. */
const bodyMaxBytes = 268_435_456;

export interface Encoded {
  readonly headers: MsgHdrs;
  readonly body: Uint8Array;
}

/**
 * A message as NATS carries it. One that comes near the server's limit is compressed.
 *
 * Throws `UsageError` when it is too large even then.
 */
export function encodeMessage(
  { headers, body }: WireMessage,
  into: MsgHdrs,
  maxPayload: number,
  headroom = Math.min(headroomBytes, maxPayload / 4),
): Encoded {
  const rest: [string, string][] = [];
  for (const [name, value] of Object.entries(headers)) {
    if (plainName.test(name) && plainValue.test(value) && !reserved.test(name)) into.append(name, value);
    else rest.push([name, value]);
  }
  if (rest.length > 0) into.append(ownHeaders.headers, encodeHeaderValue(JSON.stringify(rest)));
  const room = maxPayload - headroom;
  const size = body.length + sizeOf(into);
  if (body.length > bodyMaxBytes) throw tooLarge(size, maxPayload);
  if (size <= room) return { headers: into, body };
  into.append(ownHeaders.encoding, 'gzip');
  const compressed = gzipSync(body);
  if (compressed.length + sizeOf(into) <= room) return { headers: into, body: compressed };
  throw tooLarge(size, maxPayload);
}

function tooLarge(size: number, maxPayload: number): UsageError {
  return new UsageError(
    `a message of ${size} bytes is too large for the NATS server, which takes ${maxPayload} with headers; raise its max_payload`,
  );
}

/** A message as it was published. Foreign headers with several values come joined by commas. */
export function decodeMessage(headers: MsgHdrs | undefined, body: Uint8Array): WireMessage {
  const plain = [...(headers ?? [])].filter(([name]) => !reserved.test(name));
  const rest = headers?.get(ownHeaders.headers) ?? '';
  return {
    headers: Object.fromEntries([
      ...plain.map(([name, values]) => [name, values.join(', ')] as const),
      ...pairsOf(rest),
    ]),
    // A copy: the driver's buffer is shared with other messages, and a consumer may write into what it gets.
    body: headers?.get(ownHeaders.encoding) === 'gzip' ? decompressed(body) : new Uint8Array(body),
  };
}

function decompressed(body: Uint8Array): Uint8Array {
  try {
    return new Uint8Array(gunzipSync(body, { maxOutputLength: bodyMaxBytes }));
  } catch {
    // Not made here: whoever validates the payload says what is wrong with it.
    return new Uint8Array(body);
  }
}

/** The headers of a stored message for its way to another subject, without those of NATS. */
export function carriedHeaders(from: MsgHdrs | undefined, into: MsgHdrs): MsgHdrs {
  for (const [name, values] of from ?? []) {
    if (/^nats-/i.test(name) || /^sw-nats-(attempts|delay|partition)$/i.test(name)) continue;
    for (const value of values) into.append(name, value);
  }
  return into;
}

/** Hand-overs that a message has behind it from before its last retry. */
export function attemptsBefore(headers: MsgHdrs | undefined): number {
  const text = headers?.get(ownHeaders.attempts) ?? '';
  return /^\d{1,9}$/.test(text) ? Number(text) : 0;
}

function sizeOf(headers: MsgHdrs): number {
  let size = 16;
  for (const [name, values] of headers) for (const value of values) size += name.length + value.length + 4;
  return size;
}

function pairsOf(text: string): readonly (readonly [string, string])[] {
  if (text === '') return [];
  try {
    const pairs: unknown = JSON.parse(decodeHeaderValue(text) ?? '[]');
    return Array.isArray(pairs) ? pairs.filter(isPair) : [];
  } catch {
    // Somebody else wrote this header: the message itself is whole.
    return [];
  }
}

function isPair(value: unknown): value is readonly [string, string] {
  return Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === 'string');
}
