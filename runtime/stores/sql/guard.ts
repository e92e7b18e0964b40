import { decide, type Incoming, type Outcome, type Stored } from '../../guard.js';
import { assertStorable } from '../version-bounds.js';
import type { SqlClient } from './client.js';
import { guardColumns, guardedStatements, readGuarded, writeGuarded } from './guarded-write.js';
import { key, type SqlTable } from './table.js';

const keys = ['consumer', 'entity', 'entity_id'];

export const guardTable: SqlTable = {
  name: 'sw_guard',
  columns: [...keys.map(key), ...guardColumns],
  primaryKey: keys,
  // Of nothing that a live row's update changes, so that PostgreSQL need not touch any index then. Who looks for old tombstones filters.
  indexes: [{ name: 'sw_guard_tombstones', on: '(sw_deleted) where sw_deleted' }],
};

const statementsIn = guardedStatements({ name: 'sw_guard', keys, payload: [] });

export async function advanceGuard(client: SqlClient, place: readonly string[], incoming: Incoming): Promise<Outcome> {
  return writeGuarded(client, statementsIn(client.schema), place, [], incoming);
}

export async function peekGuard(client: SqlClient, place: readonly string[], incoming: Incoming): Promise<Outcome> {
  assertStorable(incoming);
  return decide(await guardVersion(client, place), incoming);
}

export async function guardVersion(client: SqlClient, place: readonly string[]): Promise<Stored | undefined> {
  return readGuarded(client, statementsIn(client.schema).read, place);
}
