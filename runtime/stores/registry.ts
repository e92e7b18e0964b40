import { UsageError } from '../errors.js';
import { memoryStore } from './memory.js';
import { pgliteStore } from './pglite.js';
import { postgresStore } from './postgres.js';
import type { Store } from './store.js';

/** A store's URL, what follows its scheme, and the service whose data it will hold. */
type Open = (rest: string, service: string, url: string) => Store;

const stores: ReadonlyMap<string, Open> = new Map<string, Open>([
  ['memory', () => memoryStore()],
  ['pglite', (rest, service) => pgliteStore({ service, ...directoryOf(rest) })],
  ['postgres', (_, service, url) => postgresStore({ service, url })],
  ['postgresql', (_, service, url) => postgresStore({ service, url })],
]);

/**
 * The store that a URL names; nothing is opened before its first use.
 *
 * `memory:` is a new store each time. `pglite:` (also when the URL is absent or empty) is PostgreSQL in this process; `pglite:./data` or
 * `pglite:///data` keeps it in that directory. `postgres://user:password@host/database` is a server; `?schema=` names another schema than the service's
 * name. Throws `UsageError` for any other scheme.
 */
export function storeFor(url: string | undefined, service: string): Store {
  const [, scheme, rest = ''] = /^([^:]*):?(.*)$/s.exec(url || 'pglite:') ?? [];
  const open = stores.get(scheme ?? '');
  if (open !== undefined) return open(rest, service, url ?? '');
  const known = [...stores.keys()].map((name) => `"${name}:"`).join(', ');
  // Only the scheme is repeated: the rest of the URL may hold a password.
  throw new UsageError(`no store for "${scheme}:": known are ${known}`);
}

function directoryOf(rest: string): { readonly directory?: string } {
  const path = rest.replace(/^\/\//, '');
  return path === '' ? {} : { directory: path };
}
