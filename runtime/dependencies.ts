import type { ServiceDefinition } from './definition.js';
import { UsageError } from './errors.js';
import type { Presence, Transaction } from './stores/store.js';

/** How a service looks for an entity that its messages wait for. */
export interface Dependency {
  /** The service that tells it. */
  readonly owner: string;
  presence(tx: Transaction, id: string): Promise<Presence>;
  presences(tx: Transaction, ids: readonly string[]): Promise<ReadonlyMap<string, Presence>>;
}

/** Lock under which an entity arrives, and under which somebody decides to wait for it. */
export function lockName(entity: string, id: string): string {
  return `${entity}:${id}`;
}

/** The copy or the own entity behind a name. Throws `UsageError` when the service has neither: nobody could ever end such a wait. */
export function dependencyOf(definition: ServiceDefinition, entity: string): Dependency {
  const copy = Object.values(definition.copies).find((one) => one.entity === entity);
  if (copy !== undefined) {
    return {
      owner: copy.owner,
      presence: (tx, id) => tx.replicaPresence(copy.table, id),
      presences: (tx, ids) => tx.replicaPresences(copy.table, ids),
    };
  }
  const own = Object.values(definition.owned).find((one) => one.entity === entity);
  if (own === undefined)
    throw new UsageError(`${definition.service} waits for ${entity}, which it neither owns nor copies`);
  const presence = async (tx: Transaction, id: string): Promise<Presence> => {
    const state = await tx.owned(entity, id);
    if (state === null) return 'unknown';
    return state.deleted ? 'deleted' : 'live';
  };
  return {
    owner: definition.service,
    presence,
    async presences(tx, ids) {
      const found = new Map<string, Presence>();
      // Each look locks the owner's row: in one order, or two of them wait for each other.
      for (const id of [...ids].sort()) found.set(id, await presence(tx, id));
      return found;
    },
  };
}

/** Entities that some consumer of the service waits for: only their arrival needs a lock and a look at what is parked. */
export function awaitedEntities(definition: ServiceDefinition): ReadonlySet<string> {
  const consumers = [...Object.values(definition.copies), ...definition.effects];
  return new Set(consumers.flatMap((consumer) => consumer.awaits.map((rule) => rule.entity)));
}
