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
    const fresh = { ...statements, write: oncePerKind(statements.write) };
    made.set(schema, fresh);
    return fresh;
  };
}

function oncePerKind(make: GuardedStatements['write']): GuardedStatements['write'] {
  const texts: string[] = [];
  return (kind) => {
    const { follows, forced, equalApplies, delta } = kind;
    const index = Number(follows) + 2 * Number(forced) + 4 * Number(equalApplies) + 8 * Number(delta);
    const text = texts[index] ?? make(kind);
    texts[index] = text;
    return text;
  };
}

export async function writeGuarded(
  client: SqlClient,
  { write }: GuardedStatements,
  keys: readonly string[],
  payload: readonly unknown[],
  incoming: Incoming,
): Promise<Outcome> {
  assertStorable(incoming);
  const { carries, equalApplies } = incoming;
  const forced = isForced(incoming);
  const previous = previousOf(incoming);
  const text = write({ follows: previous !== null, forced, equalApplies, delta: carries === 'delta' });
  const values = [...keys, ...payload, ...columnsOf(incoming), ...(previous === null ? [] : [previous])];
  for (;;) {
    const [answer] = await client.query(text, values);
    if (typeof answer?.outcome === 'string') return answer.outcome as Outcome;
    const outcome = decide(answer === undefined ? undefined : keptIn(answer), incoming);
    // Of a row that another transaction has just changed, made or forgotten: the next write finds it as it is now.
    if (!applies(outcome, carries)) return outcome;
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

function keptIn(answer: SqlRow): Stored {
  const [epoch, sequence = '', tie = '', hash = '', deleted] = answer.kept as readonly string[];
  return { version: { epoch: Number(epoch), sequence: BigInt(sequence), tie }, hash, deleted: deleted === 'true' };
}

/** What the statement for many asks of a message, in the order of its parameters. */
function guardValues(incoming: Incoming): readonly unknown[] {
  const { carries, equalApplies } = incoming;
  return [...columnsOf(incoming), previousOf(incoming), isForced(incoming), equalApplies, carries === 'delta'];
}

/** What a row keeps of a message beside its payload, in the order of the columns. */
function columnsOf({ version, hash, deleted }: Incoming): readonly unknown[] {
  return [version.epoch, version.sequence, version.tie, hash, deleted];
}

/** Force repairs whatever came before. */
function previousOf(incoming: Incoming): bigint | null {
  return isForced(incoming) ? null : (incoming.previousSequence ?? null);
}

function firstWord(text: string): string {
  const end = text.indexOf(' ');
  return end < 0 ? text : text.slice(0, end);
}
