import { decide, type Incoming, type Outcome } from '../../guard.js';
import { assertStorable } from '../version-bounds.js';
import type { SqlClient } from './client.js';
import { guardColumns, guardedStatements, readGuarded, writeGuarded } from './guarded-write.js';

export const guardTable = `
create table if not exists sw_guard (
  consumer text collate "C" not null,
  entity text collate "C" not null,
  entity_id text collate "C" not null,${guardColumns},
  primary key (consumer, entity, entity_id)
)`;

const statements = guardedStatements({ name: 'sw_guard', keys: ['consumer', 'entity', 'entity_id'], payload: [] });

export async function advanceGuard(client: SqlClient, key: readonly string[], incoming: Incoming): Promise<Outcome> {
  return writeGuarded(client, statements, key, [], incoming);
}

export async function peekGuard(client: SqlClient, key: readonly string[], incoming: Incoming): Promise<Outcome> {
  assertStorable(incoming);
  return decide(await readGuarded(client, statements.read, key), incoming);
}
