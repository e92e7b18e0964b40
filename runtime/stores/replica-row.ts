import type { ReplicaTable } from './store.js';

/** Values of a row in the order of the table's columns; JSON as text, absent and null alike as null. */
export function columnValues(table: ReplicaTable, row: Readonly<Record<string, unknown>> | null): readonly unknown[] {
  if (row === null) return table.columns.map(() => null);
  return table.columns.map(({ field, type }) => {
    // Own properties only: a field may be called `constructor`.
    const value = Object.hasOwn(row, field) ? row[field] : undefined;
    if (value === undefined || value === null) return null;
    return type === 'jsonb' ? JSON.stringify(value) : value;
  });
}

/** The row that a reader sees, from values in the order of the table's columns. JSON may come as text or as a value. */
export function rowOf(
  table: ReplicaTable,
  values: readonly unknown[],
  json: (stored: unknown) => unknown,
): Readonly<Record<string, unknown>> {
  const entries = table.columns.flatMap(({ field, type, optional }, index) => {
    const value = values[index] ?? null;
    if (value === null) return optional ? [] : [[field, null] as const];
    if (type === 'jsonb') return [[field, json(value)] as const];
    // 64-bit integers come as text or bigint from drivers, and a contract's integer is a number.
    return [[field, type === 'bigint' ? Number(value) : value] as const];
  });
  return Object.fromEntries(entries);
}
