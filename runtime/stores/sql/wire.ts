import type { WireMessage } from '../../envelope.js';
import type { SqlRow } from './client.js';
import type { SqlColumn } from './table.js';

/** Columns that hold a message; `json` keeps headers as they are, where `jsonb` would refuse some and sort them all. */
export const wireColumns: readonly SqlColumn[] = [
  { name: 'headers', type: 'json', more: 'not null' },
  { name: 'body', type: 'bytea', more: 'not null' },
];

export function wireValues({ headers, body }: WireMessage): readonly [string, Uint8Array] {
  return [JSON.stringify(headers), body];
}

export function wireOf(row: SqlRow): WireMessage {
  return { headers: row.headers as Readonly<Record<string, string>>, body: Uint8Array.from(row.body as Uint8Array) };
}
