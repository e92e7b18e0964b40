import { inSortedOrder } from '../name-order.js';
import type { SqlClient } from './client.js';

/** Locks are the database's, shared by all schemas: the schema's name keeps two services from waiting for each other. */
export async function lock(client: SqlClient, names: readonly string[]): Promise<void> {
  await client.query(
    `select pg_advisory_xact_lock(hashtextextended(wanted.name, 0))
from unnest($1::text[]) with ordinality as wanted (name, position) order by position`,
    [inSortedOrder(names).map((name) => ownName(client, name))],
  );
}

export async function tryLock(client: SqlClient, name: string): Promise<boolean> {
  const [row] = await client.query('select pg_try_advisory_xact_lock(hashtextextended($1::text, 0)) as taken', [
    ownName(client, name),
  ]);
  return row?.taken === true;
}

function ownName({ schema }: SqlClient, name: string): string {
  return `${schema}:${name}`;
}
