import { UsageError } from '../../errors.js';

/** What a store's URL says beside where the database is. */
export interface UrlOptions {
  /** For the driver, without our own parameters. */
  readonly connectionString: string;
  /** For messages to people: no user, no password. */
  readonly database: string;
  readonly schema?: string;
  readonly max?: number;
  readonly prepared?: boolean;
  readonly prepare?: 'apply' | 'check';
  readonly statementTimeoutMs?: number;
  readonly idleInTransactionMs?: number;
}

/** Parameters that are the store's; all others are the driver's. */
const own = ['schema', 'max', 'prepared', 'prepare', 'statement_timeout', 'idle_in_transaction_session_timeout'];

/**
 * Reads `postgres://user:password@host:port/database?schema=x&max=10&sslmode=verify-full`.
 *
 * Throws `UsageError`, which never repeats the URL: it may hold a password.
 */
export function readUrl(text: string): UrlOptions {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new UsageError('the URL of the PostgreSQL store cannot be read: postgres://user:password@host:5432/database');
  }
  const parameters = new Map(own.map((name) => [name, url.searchParams.get(name)]));
  for (const name of own) url.searchParams.delete(name);
  // The driver verifies certificates in all of these modes, and warns that a later version of it will not.
  if (['prefer', 'require', 'verify-ca'].includes(url.searchParams.get('sslmode') ?? '')) {
    url.searchParams.set('sslmode', 'verify-full');
  }
  const name = decodeURIComponent(url.pathname.slice(1)) || 'postgres';
  const schema = parameters.get('schema') ?? undefined;
  const max = whole(parameters, 'max');
  const statementTimeoutMs = whole(parameters, 'statement_timeout');
  const idleInTransactionMs = whole(parameters, 'idle_in_transaction_session_timeout');
  const prepared = oneOf(parameters, 'prepared', ['true', 'false']);
  const prepare = oneOf(parameters, 'prepare', ['apply', 'check']);
  return {
    connectionString: url.href,
    database: `the database "${name}" on ${url.host || 'this machine'}`,
    ...(schema !== undefined && { schema }),
    ...(max !== undefined && { max }),
    ...(statementTimeoutMs !== undefined && { statementTimeoutMs }),
    ...(idleInTransactionMs !== undefined && { idleInTransactionMs }),
    ...(prepared !== undefined && { prepared: prepared === 'true' }),
    ...(prepare !== undefined && { prepare }),
  };
}

function whole(parameters: ReadonlyMap<string, string | null>, name: string): number | undefined {
  const text = parameters.get(name) ?? undefined;
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`"${name}" in the URL of the store is no whole number: "${text}"`);
  return Number(text);
}

function oneOf<Value extends string>(
  parameters: ReadonlyMap<string, string | null>,
  name: string,
  values: readonly Value[],
): Value | undefined {
  const text = parameters.get(name) ?? undefined;
  const found = values.find((value) => value === text);
  if (text !== undefined && found === undefined) {
    throw new UsageError(`"${name}" in the URL of the store is "${text}", not ${values.join(' or ')}`);
  }
  return found;
}
