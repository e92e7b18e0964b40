/** A table whose rows are kept by the ordering guard; names are quoted already. */
export interface GuardedTable {
  readonly name: string;
  /** Text columns of the primary key. */
  readonly keys: readonly string[];
  readonly payload: readonly { readonly name: string; readonly type: string }[];
}

/** What the statement for one message is made for: the database plans each kind of message without the cases that only others have. */
export interface MessageKind {
  /** It names a predecessor, whose sequence is the last parameter. */
  readonly follows: boolean;
  readonly forced: boolean;
  readonly equalApplies: boolean;
  readonly delta: boolean;
}

/** `decide` as SQL: one statement that writes exactly when the decision applies, so that no other transaction fits between reading and writing. */
export interface GuardedStatements {
  /**
   * Answers one row with `outcome` when it has written. Else `outcome` is null and `kept` tells the version, hash and deletion that are there instead, as a
   * list of texts; no row when there is none.
   */
  write(kind: MessageKind): string;
  /** The same for many rows, each parameter an array of text. */
  readonly writeMany: string;
  readonly read: string;
  /** By an array of the first key. */
  readonly readMany: string;
}

/** What a conditional write knows of its message beside the columns, each as an SQL expression. */
interface Facts {
  readonly previous: string;
  readonly forced: string;
  readonly equalApplies: string;
  readonly delta: string;
}

const guarded = ['sw_epoch', 'sw_seq', 'sw_tie', 'sw_hash', 'sw_deleted', 'sw_outcome'];
const guardTypes = ['bigint', 'bigint', 'text', 'text', 'boolean'];
const factTypes = ['bigint', 'boolean', 'boolean', 'boolean'];

/** The statements over one guarded table. `schema` is quoted. */
export function guardedSql(schema: string, table: GuardedTable): GuardedStatements {
  const name = `${schema}.${table.name}`;
  const { keys } = table;
  const stored = `sw_epoch::text as epoch, sw_seq::text as sequence, sw_tie as tie, sw_hash as hash, sw_deleted as deleted`;
  const thisRow = keys.map((key, index) => `${key} = $${index + 1}::text`).join(' and ');
  return {
    write: (kind) => writeSql(name, table, thisRow, kind),
    writeMany: writeManySql(name, table),
    read: `select ${stored} from ${name} where ${thisRow}`,
    readMany: `select ${keys[0]} as id, ${stored} from ${name} where ${keys[0]} = any ($1::text[])`,
  };
}

/** What is kept is read as it was when the statement began: an older version than the one that refused the message, if another transaction was faster. */
function writeSql(name: string, table: GuardedTable, thisRow: string, kind: MessageKind): string {
  const parameters = columnTypesOf(table).map((type, index) => `$${index + 1}::${type}`);
  const facts: Facts = {
    previous: kind.follows ? `$${parameters.length + 1}::bigint` : 'null::bigint',
    ...{ forced: String(kind.forced), equalApplies: String(kind.equalApplies), delta: String(kind.delta) },
  };
  return `
with written as (
insert into ${name} as kept (${columnsOf(table)})
select ${parameters.join(', ')}, ${firstOutcome(facts)}
where ${mayBeFirst(facts, `select from ${name} where ${thisRow}`)}
${onConflict(table, facts)}
returning sw_outcome)
select sw_outcome as outcome, null::text[] as kept from written
union all
select null, array[sw_epoch::text, sw_seq::text, sw_tie, sw_hash, sw_deleted::text] from ${name}
where ${thisRow} and not exists (select from written)`;
}

/** In a conflict PostgreSQL knows the columns of the row only, so the facts travel in `sw_outcome`: outcome, three flags, previous sequence. */
function writeManySql(name: string, table: GuardedTable): string {
  const types = typesOf(table);
  const cells = types.map((type, index) => `line.c${index}::${type}`);
  const facts = factsOf(cells.slice(-factTypes.length));
  const flag = (fact: string): string => `case when ${fact} then '1' else '0' end`;
  const flags = [facts.forced, facts.equalApplies, facts.delta].map(flag).join(' || ');
  const carried = `(${firstOutcome(facts)}) || ' ' || ${flags} || ' ' || coalesce((${facts.previous})::text, '')`;
  const sent = (place: number): string => `substr(split_part(excluded.sw_outcome, ' ', 2), ${place}, 1) = '1'`;
  const thisRow = table.keys.map((key, index) => `present.${key} = line.c${index}`).join(' and ');
  return `
insert into ${name} as kept (${columnsOf(table)})
select ${cells.slice(0, -factTypes.length).join(', ')}, ${carried}
from unnest(${types.map((_, index) => `$${index + 1}::text[]`).join(', ')}) as line (${types.map((_, index) => `c${index}`).join(', ')})
where ${mayBeFirst(facts, `select from ${name} as present where ${thisRow}`)}
${onConflict(table, {
  previous: "nullif(split_part(excluded.sw_outcome, ' ', 3), '')::bigint",
  ...{ forced: sent(1), equalApplies: sent(2), delta: sent(3) },
})}
returning ${table.keys[0]} as id, sw_outcome as outcome`;
}

function typesOf(table: GuardedTable): readonly string[] {
  return [...columnTypesOf(table), ...factTypes];
}

function columnTypesOf({ keys, payload }: GuardedTable): readonly string[] {
  return [...keys.map(() => 'text'), ...payload.map(({ type }) => type), ...guardTypes];
}

function columnsOf({ keys, payload }: GuardedTable): string {
  return [...keys, ...payload.map((column) => column.name), ...guarded].join(', ');
}

function factsOf([previous = '', forced = '', equalApplies = '', delta = '']: readonly string[]): Facts {
  return { previous, forced, equalApplies, delta };
}

function firstOutcome({ previous }: Facts): string {
  return `case when ${previous} > 0 then 'gap' else 'applied' end`;
}

/** A delta with a gap never makes a row: nothing is inserted unless there is one to update. */
function mayBeFirst({ delta, previous }: Facts, thisRow: string): string {
  return `not ${delta} or coalesce(${previous}, 0) <= 0 or exists (${thisRow})`;
}

function onConflict({ keys, payload }: GuardedTable, { previous, forced, equalApplies, delta }: Facts): string {
  const whole = (row: string): string => `(${row}.sw_epoch, ${row}.sw_seq, ${row}.sw_tie)`;
  const position = (row: string): string => `(${row}.sw_epoch, ${row}.sw_seq)`;
  const newer = `${whole('kept')} < ${whole('excluded')}`;
  const samePosition = `${position('kept')} = ${position('excluded')}`;
  const gap = `coalesce(${previous} > kept.sw_seq, false)`;
  return `on conflict (${keys.join(', ')}) do update set
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
  or (${forced} and ${samePosition} and (kept.sw_tie <> excluded.sw_tie or kept.sw_hash = excluded.sw_hash))`;
}
