import { applies, decide, type Incoming, isForced, type Outcome, type Stored } from '../../guard.js';
import { assertStorable } from '../version-bounds.js';
import { columnArrays } from './array-literal.js';
import type { SqlClient, SqlRow } from './client.js';
import { type GuardedStatements, type GuardedTable, guardedSql } from './guarded-sql.js';
import type { SqlColumn } from './table.js';

/** Columns that every guarded table has beside its own. */
export const guardColumns: readonly SqlColumn[] = [
  { name: 'sw_epoch', type: 'bigint', more: 'not null' },
  { name: 'sw_seq', type: 'bigint', more: 'not null' },
  { name: 'sw_tie', type: 'text', more: 'collate "C" not null' },
  { name: 'sw_hash', type: 'text', more: 'not null' },
  { name: 'sw_deleted', type: 'boolean', more: 'not null' },
  { name: 'sw_outcome', type: 'text', more: 'not null' },
  { name: 'sw_applied_at', type: 'timestamp with time zone', more: 'not null default clock_timestamp()' },
];

/** One row of a write of many. */
export interface GuardedRow {
  readonly id: string;
  readonly payload: readonly unknown[];
  readonly incoming: Incoming;
}

/** Statements are text over names only, so they are made once per table and schema. */
export function guardedStatements(table: GuardedTable): (schema: string) => GuardedStatements {
  const made = new Map<string, GuardedStatements>();
  return (schema) => {
    const known = made.get(schema);
    if (known !== undefined) return known;
    const statements = guardedSql(schema, table);
    made.set(schema, statements);
    return statements;
  };
}

export async function writeGuarded(
  client: SqlClient,
  { write, read }: GuardedStatements,
  keys: readonly string[],
  payload: readonly unknown[],
  incoming: Incoming,
): Promise<Outcome> {
  assertStorable(incoming);
  const values = [...keys, ...payload, ...guardValues(incoming)];
  for (;;) {
    const [written] = await client.query(write, values);
    if (written !== undefined) return written.outcome as Outcome;
    const outcome = decide(await readGuarded(client, read, keys), incoming);
    // Of a row that another transaction has just made or forgotten: the second write finds it as it is now.
    if (!applies(outcome, incoming.carries)) return outcome;
  }
}

/** Rows of a table with one key, in the order of their ids, none twice; answers the outcome of each. */
export async function writeManyGuarded(
  client: SqlClient,
  { writeMany, readMany }: GuardedStatements,
  rows: readonly GuardedRow[],
): Promise<ReadonlyMap<string, Outcome>> {
  for (const { incoming } of rows) assertStorable(incoming);
  const outcomes = new Map<string, Outcome>();
  let left = rows;
  while (left.length > 0) {
    const lines = left.map(({ id, payload, incoming }) => [id, ...payload, ...guardValues(incoming)]);
    const written = await client.query(writeMany, columnArrays(lines));
    // Behind the outcome lies what the statement had to be told of the row.
    for (const row of written) outcomes.set(String(row.id), firstWord(String(row.outcome)) as Outcome);
    const refused = left.filter(({ id }) => !outcomes.has(id));
    if (refused.length === 0) break;
    const stored = await readManyGuarded(
      client,
      readMany,
      refused.map(({ id }) => id),
    );
    for (const { id, incoming } of refused) {
      const outcome = decide(stored.get(id), incoming);
      if (!applies(outcome, incoming.carries)) outcomes.set(id, outcome);
    }
    left = refused.filter(({ id }) => !outcomes.has(id));
  }
  return outcomes;
}

export async function readGuarded(
  client: SqlClient,
  read: string,
  keys: readonly string[],
): Promise<Stored | undefined> {
  const [row] = await client.query(read, keys);
  return row === undefined ? undefined : storedOf(row);
}

export async function readManyGuarded(
  client: SqlClient,
  readMany: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Stored>> {
  const rows = await client.query(readMany, [ids]);
  return new Map(rows.map((row) => [String(row.id), storedOf(row)]));
}

function storedOf(row: SqlRow): Stored {
  const version = { epoch: Number(row.epoch), sequence: BigInt(String(row.sequence)), tie: String(row.tie) };
  return { version, hash: String(row.hash), deleted: row.deleted === true };
}

/** What the statements ask of a message, in the order of their parameters. */
function guardValues(incoming: Incoming): readonly unknown[] {
  const { version, hash, deleted, carries, equalApplies } = incoming;
  const forced = isForced(incoming);
  const previous = forced ? null : (incoming.previousSequence ?? null);
  const order = [version.epoch, version.sequence, version.tie, hash, deleted];
  return [...order, previous, forced, equalApplies, carries === 'delta'];
}

function firstWord(text: string): string {
  const end = text.indexOf(' ');
  return end < 0 ? text : text.slice(0, end);
}
