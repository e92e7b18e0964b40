import type { ServiceDefinition } from './definition.js';
import { UsageError } from './errors.js';
import type { Presence, Transaction } from './stores/store.js';

/** How a service looks for an entity that its messages wait for. */
export interface Dependency {
  /** The service that tells it. */
  readonly owner: string;
  presence(tx: Transaction, id: string): Promise<Presence>;
}

/** Lock under which an entity arrives, and under which somebody decides to wait for it. */
export function lockName(entity: string, id: string): string {
  return `${entity}:${id}`;
}

/** The copy or the own entity behind a name. Throws `UsageError` when the service has neither: nobody could ever end such a wait. */
export function dependencyOf(definition: ServiceDefinition, entity: string): Dependency {
  const copy = Object.values(definition.copies).find((one) => one.entity === entity);
  if (copy !== undefined) {
    return { owner: copy.owner, presence: (tx, id) => tx.replicaPresence(copy.table, id) };
  }
  const own = Object.values(definition.owned).find((one) => one.entity === entity);
  if (own === undefined)
    throw new UsageError(`${definition.service} waits for ${entity}, which it neither owns nor copies`);
  return {
    owner: definition.service,
    async presence(tx, id) {
      const state = await tx.owned(entity, id);
      if (state === null) return 'unknown';
      return state.deleted ? 'deleted' : 'live';
    },
  };
}

/** Entities that some consumer of the service waits for: only their arrival needs a lock and a look at what is parked. */
export function awaitedEntities(definition: ServiceDefinition): ReadonlySet<string> {
  const consumers = [...Object.values(definition.copies), ...definition.effects];
  return new Set(consumers.flatMap((consumer) => consumer.awaits.map((rule) => rule.entity)));
}
