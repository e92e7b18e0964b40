import { UsageError } from '../../errors.js';

/** PostgreSQL cuts longer identifiers off silently, and two names could become one. */
const bytesMax = 63;

/**
 * Quotes a schema, table or column name; the only way a name gets into a statement.
 *
 * Throws `UsageError` for what PostgreSQL cannot hold: nothing, more than 63 bytes, the zero character.
 */
export function quoted(name: string): string {
  const bytes = new TextEncoder().encode(name).length;
  if (bytes === 0 || bytes > bytesMax || name.includes('\0')) {
    throw new UsageError(`"${name}" cannot name a table or column: 1 to ${bytesMax} bytes without the zero character`);
  }
  return `"${name.replaceAll('"', '""')}"`;
}
