import { findCycles } from '../../model/cycles.js';
import type { Entity, EntityConsumer, Model, Wait } from '../../model/types.js';
import type { Rule } from '../rule.js';

/**
 * For each service, the graph "the copy of A waits for B" over the copies it keeps. An entity that waits for itself (a tree with a parent) is no circle:
 * it waits for another row. Optional waits are exempt, because they give up without harm.
 */
export const waitCycle: Rule = {
  id: 'wait-cycle',
  severity: 'error',
  title: 'Copies at one service do not wait for each other in a circle.',
  why: 'Each message waits for the other and both are parked until they are dead-lettered: rows that refer to each other never arrive.',
  fix: 'Make one of the waits optional, or copy that reference without waiting.',
  requirements: ['EP-08', 'TD-90'],
  *check(model) {
    for (const service of new Set(copies(model).map(({ consumer }) => consumer.service))) {
      const waits = waitsAt(model, service);
      const graph = new Map<string, Set<string>>();
      for (const each of waits) graph.set(each.entity, (graph.get(each.entity) ?? new Set()).add(each.wait.entity));
      for (const cycle of findCycles(graph)) {
        const hops = cycle
          .slice(1)
          .flatMap((to, index) => waits.find((each) => each.entity === cycle[index] && each.wait.entity === to) ?? []);
        const [first, ...others] = hops;
        if (first === undefined) continue;
        yield {
          at: first.wait.at,
          message: `at "${service}" copies wait for each other in a circle: ${cycle.map((name) => `"${name}"`).join(' -> ')}.`,
          subject: `consumer:${service} cycle:${[...new Set(cycle)].sort().join(',')}`,
          related: others.map((each) => ({
            at: each.wait.at,
            message: `"${each.entity}" waits for "${each.wait.entity}"`,
          })),
          fix: `write optional: true at the wait for the entity whose rows may exist without the other.`,
        };
      }
    }
  },
};

function copies(model: Model): readonly { readonly entity: Entity; readonly consumer: EntityConsumer }[] {
  return [...model.entities.values()].flatMap((entity) => entity.consumers.map((consumer) => ({ entity, consumer })));
}

function waitsAt(model: Model, service: string): readonly { readonly entity: string; readonly wait: Wait }[] {
  return copies(model)
    .filter(({ consumer }) => consumer.service === service)
    .flatMap(({ entity, consumer }) =>
      consumer.waits
        .filter((wait) => !wait.optional && wait.entity !== entity.name)
        .map((wait) => ({ entity: entity.name, wait })),
    );
}
