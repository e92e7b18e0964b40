import type { WireMessage } from '../../envelope.js';

/** Columns that hold a message; `json` keeps headers as they are, where `jsonb` would refuse some and sort them all. */
export const wireColumns = `
  headers json not null,
  body bytea not null`;

export function wireValues({ headers, body }: WireMessage): readonly [string, Uint8Array] {
  return [JSON.stringify(headers), body];
}

export function wireOf(row: Readonly<Record<string, unknown>>): WireMessage {
  return { headers: row.headers as Readonly<Record<string, string>>, body: Uint8Array.from(row.body as Uint8Array) };
}
