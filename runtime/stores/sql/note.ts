import type { SqlClient } from './client.js';
import { key, type SqlTable } from './table.js';

export const noteTable: SqlTable = {
  name: 'sw_note',
  columns: [key('name'), { name: 'text', type: 'text', more: 'not null' }],
  primaryKey: ['name'],
};

export async function note(client: SqlClient, name: string): Promise<string | null> {
  const [row] = await client.query(`select text from ${client.schema}.sw_note where name = $1::text`, [name]);
  return row === undefined ? null : String(row.text);
}

export async function setNote(client: SqlClient, name: string, text: string | null): Promise<void> {
  if (text === null) {
    await client.query(`delete from ${client.schema}.sw_note where name = $1::text`, [name]);
    return;
  }
  await client.query(
    `insert into ${client.schema}.sw_note (name, text) values ($1::text, $2::text)
on conflict (name) do update set text = excluded.text`,
    [name, text],
  );
}
