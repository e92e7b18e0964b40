import { quoted } from './identifier.js';

/** A table as data: its statements and the comparison with what a database has come from the same place. */
export interface SqlTable {
  readonly name: string;
  readonly columns: readonly SqlColumn[];
  readonly primaryKey: readonly string[];
  readonly indexes?: readonly SqlIndex[];
}

export interface SqlColumn {
  readonly name: string;
  /** As `format_type` spells it. */
  readonly type: string;
  /** What follows the type, such as `collate "C" not null`. A column that is added to a table that may exist needs a default or no `not null`. */
  readonly more?: string;
}

export interface SqlIndex {
  readonly name: string;
  /** What follows the table's name: `(key, position)`. */
  readonly on: string;
}

/** Makes the table where it is missing. `schema` is quoted. */
export function createTable(schema: string, { name, columns, primaryKey }: SqlTable): string {
  const lines = [...columns.map(columnText), `primary key (${primaryKey.map(quoted).join(', ')})`];
  return `create table if not exists ${schema}.${quoted(name)} (\n  ${lines.join(',\n  ')}\n)`;
}

export function createIndexes(schema: string, { name, indexes = [] }: SqlTable): readonly string[] {
  return indexes.map(
    (index) => `create index if not exists ${quoted(index.name)} on ${schema}.${quoted(name)} ${index.on}`,
  );
}

export function addColumn(schema: string, { name }: SqlTable, column: SqlColumn): string {
  return `alter table ${schema}.${quoted(name)} add column if not exists ${columnText(column)}`;
}

function columnText({ name, type, more }: SqlColumn): string {
  return `${quoted(name)} ${type}${more === undefined ? '' : ` ${more}`}`;
}

/** Text that is compared byte by byte, as JavaScript and every other database compare it too. */
export function key(name: string): SqlColumn {
  return { name, type: 'text', more: 'collate "C" not null' };
}
