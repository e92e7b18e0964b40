import { applies, decide, type Incoming, isForced, type Outcome, type Stored } from '../../guard.js';
import { assertStorable } from '../version-bounds.js';
import type { SqlClient } from './client.js';

/** A table whose rows are kept by the ordering guard; names are quoted already. */
export interface GuardedTable {
  readonly name: string;
  /** Text columns of the primary key. */
  readonly keys: readonly string[];
  readonly payload: readonly { readonly name: string; readonly type: string }[];
}

/** Columns that every guarded table has beside its own. */
export const guardColumns = `
  sw_epoch bigint not null,
  sw_seq bigint not null,
  sw_tie text collate "C" not null,
  sw_hash text not null,
  sw_deleted boolean not null,
  sw_outcome text not null,
  sw_applied_at timestamptz not null default clock_timestamp()`;

/** `decide` as SQL: one statement that writes exactly when the decision applies, so that no other transaction fits between reading and writing. */
export interface GuardedStatements {
  readonly write: string;
  readonly read: string;
}

export async function writeGuarded(
  client: SqlClient,
  { write, read }: GuardedStatements,
  keys: readonly string[],
  payload: readonly unknown[],
  incoming: Incoming,
): Promise<Outcome> {
  assertStorable(incoming);
  const { version, hash, deleted, carries, equalApplies } = incoming;
  const forced = isForced(incoming);
  const previous = forced ? null : (incoming.previousSequence ?? null);
  const order = [version.epoch, version.sequence, version.tie, hash, deleted];
  for (;;) {
    const values = [...keys, ...payload, ...order, previous, forced, equalApplies, carries === 'delta'];
    const [written] = await client.query(write, values);
    if (written !== undefined) return written.outcome as Outcome;
    const outcome = decide(await readGuarded(client, read, keys), incoming);
    // Only a delta whose row another transaction has just made comes here to be written: the row is there now, the second write finds it.
    if (!applies(outcome, carries)) return outcome;
  }
}

export async function readGuarded(
  client: SqlClient,
  read: string,
  keys: readonly string[],
): Promise<Stored | undefined> {
  const [row] = await client.query(read, keys);
  if (row === undefined) return undefined;
  const version = { epoch: Number(row.epoch), sequence: BigInt(String(row.sequence)), tie: String(row.tie) };
  return { version, hash: String(row.hash), deleted: row.deleted === true };
}

export function guardedStatements({ name, keys, payload }: GuardedTable): GuardedStatements {
  const columns = [...keys, ...payload.map((column) => column.name)];
  const types = [...keys.map(() => 'text'), ...payload.map((column) => column.type)];
  const parameter = (index: number, type: string): string => `$${columns.length + index}::${type}`;
  const previous = parameter(6, 'bigint');
  const forced = parameter(7, 'boolean');
  const equalApplies = parameter(8, 'boolean');
  const delta = parameter(9, 'boolean');

  const whole = (row: string): string => `(${row}.sw_epoch, ${row}.sw_seq, ${row}.sw_tie)`;
  const position = (row: string): string => `(${row}.sw_epoch, ${row}.sw_seq)`;
  const newer = `${whole('kept')} < ${whole('excluded')}`;
  const samePosition = `${position('kept')} = ${position('excluded')}`;
  const gap = `coalesce(${previous} > kept.sw_seq, false)`;
  const thisRow = keys.map((key, index) => `${key} = $${index + 1}::text`).join(' and ');

  return {
    // A delta with a gap never makes a row: the first select yields nothing unless there is one to update.
    write: `
insert into ${name} as kept (${columns.join(', ')}, sw_epoch, sw_seq, sw_tie, sw_hash, sw_deleted, sw_outcome)
select ${types.map((type, index) => `$${index + 1}::${type}`).join(', ')},
  ${parameter(1, 'bigint')}, ${parameter(2, 'bigint')}, ${parameter(3, 'text')}, ${parameter(4, 'text')}, ${parameter(5, 'boolean')},
  case when ${previous} > 0 then 'gap' else 'applied' end
where not ${delta} or coalesce(${previous}, 0) <= 0 or exists (select from ${name} where ${thisRow})
on conflict (${keys.join(', ')}) do update set
  ${payload.map((column) => `${column.name} = excluded.${column.name}, `).join('')}
  sw_epoch = excluded.sw_epoch, sw_seq = excluded.sw_seq, sw_hash = excluded.sw_hash, sw_deleted = excluded.sw_deleted,
  sw_tie = case when ${samePosition} then greatest(kept.sw_tie, excluded.sw_tie) else excluded.sw_tie end,
  sw_outcome = case
    when not ${newer} or (${forced} and ${samePosition}) then 'reapplied'
    when ${gap} then 'gap'
    else 'applied' end,
  sw_applied_at = clock_timestamp()
where (${newer} and not (${delta} and ${gap}))
  or (${equalApplies} and ${whole('kept')} = ${whole('excluded')})
  or (${forced} and ${samePosition} and (kept.sw_tie <> excluded.sw_tie or kept.sw_hash = excluded.sw_hash))
returning sw_outcome as outcome`,
    read: `
select sw_epoch::text as epoch, sw_seq::text as sequence, sw_tie as tie, sw_hash as hash, sw_deleted as deleted
from ${name} where ${thisRow}`,
  };
}
