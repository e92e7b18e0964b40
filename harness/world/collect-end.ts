import { queuesOf } from '../../runtime/service-queue.js';
import type { CopySeen, DeadLetterSeen, EndState, ServiceEnd } from '../history.js';
import { stepOf } from '../plan.js';
import type { InhabitedWorld } from './inhabited.js';
import type { Site } from './site.js';

/** Looks at everything that outlives the processes, past the services themselves. */
export async function collectEnd(world: InhabitedWorld): Promise<EndState> {
  const services = new Map<string, ServiceEnd>();
  const queues = new Map<string, { readonly ready: number; readonly inFlight: number; readonly delayed: number }>();
  const deadLetters: DeadLetterSeen[] = [];
  const decoder = new TextDecoder();
  for (const [name, site] of world.sites) {
    // A second process has nothing of its own.
    if (name !== site.name) continue;
    services.set(site.name, await endOf(world, site));
    const definition = world.subject.services.get(site.name)?.definition;
    for (const { name: queue } of definition === undefined ? [] : queuesOf(definition)) {
      if (!world.broker.hasQueue(queue)) continue;
      queues.set(queue, world.broker.depth(queue));
      for (const message of world.broker.deadLetters(queue)) {
        deadLetters.push({
          ...{ queue, service: site.name, headers: message.headers, body: decoder.decode(message.body) },
          messageId: message.headers['ce-id'],
          step: stepOf(message.headers['ce-correlationid']),
        });
      }
    }
  }
  return { services, queues, deadLetters };
}

async function endOf(world: InhabitedWorld, site: Site): Promise<ServiceEnd> {
  const definition = world.subject.services.get(site.name)?.definition;
  // Who has neither store nor broker keeps nothing.
  if (site.service !== undefined && typeof site.service.transaction !== 'function')
    return { copies: [], parked: [], outbox: 0, metrics: new Map() };
  const ids = idsSeen(world);
  const looked = await site.store.transaction(async (tx) => {
    const copies: CopySeen[] = [];
    for (const [name, { table, entity }] of Object.entries(definition?.copies ?? {})) {
      for (const id of ids.get(entity) ?? []) {
        const stored = await tx.replicaVersion(table, id);
        if (stored === undefined) continue;
        const fields = stored.deleted ? null : await tx.getReplica(table, id);
        const row = { version: stored.version, deleted: stored.deleted, ...(fields !== null && { fields }) };
        copies.push({ name, entity, id, row });
      }
    }
    const parked = await tx.listParked({ limit: 1_000 });
    return { copies, parked, outbox: (await tx.outboxBacklog()).count };
  });
  return {
    ...looked,
    parked: looked.parked.map(({ consumer, messageId, entity, entityId: id, dependency }) => ({
      ...{ consumer, messageId, entity, id },
      waitsFor: dependency,
    })),
    metrics: new Map(
      (site.service?.metrics?.() ?? []).map(({ name, attributes, value }) => [
        `${name}${JSON.stringify(attributes)}`,
        value,
      ]),
    ),
  };
}

/** Every id that anybody has told or copied, by entity. */
function idsSeen(world: InhabitedWorld): ReadonlyMap<string, ReadonlySet<string>> {
  const ids = new Map<string, Set<string>>();
  for (const happening of world.witness.happenings) {
    if (happening.kind !== 'owned' && happening.kind !== 'copied') continue;
    const known = ids.get(happening.entity) ?? new Set();
    ids.set(happening.entity, known.add(happening.id));
  }
  return ids;
}
