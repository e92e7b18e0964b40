import { UsageError } from '../../errors.js';
import { quoted } from './identifier.js';

/** The schema that a service's tables lie in. Throws `UsageError` for names that PostgreSQL keeps for itself or cannot hold. */
export function schemaOf(name: string): string {
  quoted(name);
  if (/^pg_|^information_schema$/.test(name)) {
    throw new UsageError(`PostgreSQL keeps the schema name "${name}" for itself`);
  }
  return name;
}
