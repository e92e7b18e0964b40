import type { Consumer, Effect } from './consume/consumer.js';
import type { EffectDefinition, ServiceDefinition } from './definition.js';
import { dependencyOf } from './dependencies.js';
import { UsageError } from './errors.js';
import { consumerQueue, queuesOf } from './service-queue.js';

/** Throws `UsageError` when the definition contradicts itself: what it waits for must be known here, and names must not collide. */
export function checkDefinition(definition: ServiceDefinition): void {
  const consumers = [...Object.values(definition.copies), ...definition.effects];
  if ((definition.sagas ?? []).some(({ messages }) => messages.length > 0) && queuesOf(definition).length === 0)
    throw new UsageError(`${definition.service} has no queue to consume from`);
  for (const consumer of consumers) {
    consumerQueue(definition, consumer);
    for (const { entity } of consumer.awaits) dependencyOf(definition, entity);
  }
  const names = consumers.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new UsageError(`two consumers are called ${twice}`);
  for (const taken of ['query', 'publish', 'send', 'sagas', 'tasks']) {
    if (Object.hasOwn(definition.owned, taken)) throw new UsageError(`an entity cannot be called ${taken}`);
  }
}

/** All consumers of a service, handlers attached. Throws `UsageError` for a handler that is missing or no function. */
export function consumersOf(definition: ServiceDefinition, handlers: object): readonly Consumer[] {
  return [
    ...Object.values(definition.copies).map((copy) => ({ kind: 'replica', definition: copy }) as const),
    ...definition.effects.map(
      (effect) => ({ kind: 'effect', definition: effect, handler: handlerOf(effect, handlers) }) as const,
    ),
  ];
}

function handlerOf(effect: EffectDefinition, handlers: object): Effect['handler'] {
  const handler: unknown = Reflect.get(handlers, effect.handler);
  if (typeof handler !== 'function') throw new UsageError(`${effect.name}: handler "${effect.handler}" is missing`);
  return handler as Effect['handler'];
}
