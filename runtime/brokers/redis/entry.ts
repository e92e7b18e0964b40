import type { WireMessage } from '../../envelope.js';

/** A message in a stream: its number there, and its fields as pairs of name and value. */
export type RedisEntry = readonly [id: Buffer, fields: readonly Buffer[]];

/** Headers as the fields of a stream carry them. */
export function headersText(headers: Readonly<Record<string, string>>): string {
  return JSON.stringify(headers);
}

/**
 * The message of an entry's fields: `h` holds its headers, `x` those that a script added (scripts cannot rewrite JSON without changing what it says),
 * `b` the body. A field that is missing or no JSON counts as empty: an entry that somebody else added must not stop the queue.
 */
export function messageOf(fields: readonly Buffer[]): WireMessage {
  const found: Record<string, Buffer> = {};
  for (let index = 0; index + 1 < fields.length; index += 2) found[String(fields[index])] = fields[index + 1] as Buffer;
  return { headers: { ...headersOf(found.h), ...headersOf(found.x) }, body: found.b ?? Buffer.alloc(0) };
}

/** One value for the whole message, for channels: the length of the headers, the headers, the body. */
export function framed(message: WireMessage): Buffer {
  const headers = Buffer.from(headersText(message.headers));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(headers.length);
  return Buffer.concat([length, headers, message.body]);
}

/** The reverse of `framed`; null when it is something else. */
export function unframed(frame: Buffer): WireMessage | null {
  if (frame.length < 4 || frame.length < 4 + frame.readUInt32BE()) return null;
  const end = 4 + frame.readUInt32BE();
  return { headers: headersOf(frame.subarray(4, end)), body: frame.subarray(end) };
}

function headersOf(text: Buffer | undefined): Readonly<Record<string, string>> {
  if (text === undefined) return {};
  try {
    const parsed: unknown = JSON.parse(String(text));
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return {};
    return Object.fromEntries(Object.entries(parsed).map(([name, value]) => [name, String(value)]));
  } catch {
    return {};
  }
}
