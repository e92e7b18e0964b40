import type { ReplicaDefinition } from './definition.js';
import type { Parts } from './parts.js';
import { currentScope } from './scope.js';
import type { Transaction } from './stores/store.js';

/** A kept copy of another service's entity, to read. */
export interface Copy<Row> {
  /** Null when the entity is unknown here or deleted. */
  get(id: string): Promise<Row | null>;
  /** Live rows by ascending id, after `after`. `limit` is 1 to 1000, default 100. */
  list(page?: { readonly after?: string; readonly limit?: number }): Promise<readonly Row[]>;
}

/** The copy that `definition` keeps. Inside a transaction of this service it reads in that transaction. */
export function copyOf(parts: Parts, definition: ReplicaDefinition): Copy<object> {
  return {
    get: (id) => reading(parts, (tx) => tx.getReplica(definition.table, id)),
    list: ({ after, limit = 100 } = {}) =>
      reading(parts, (tx) =>
        tx.listReplica(definition.table, {
          limit: Math.min(Math.max(limit, 1), 1000),
          ...(after !== undefined && { after }),
        }),
      ),
  };
}

/** A second transaction would wait for the first one where the database has one connection. */
function reading<T>(parts: Parts, read: (tx: Transaction) => Promise<T>): Promise<T> {
  const scope = currentScope();
  return scope?.unit !== undefined && scope.service === parts.definition.service
    ? read(scope.unit.tx)
    : parts.store.transaction(read);
}
