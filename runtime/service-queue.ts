import type { Queue } from './brokers/broker.js';
import type { EffectDefinition, ReplicaDefinition, ServiceDefinition } from './definition.js';
import { UsageError } from './errors.js';

/** Queues that a service consumes from: that of the events, then that of the commands. Empty when it consumes nothing. */
export function queuesOf({
  topology,
  queue,
  commandQueue,
}: Pick<ServiceDefinition, 'topology' | 'queue' | 'commandQueue'>): readonly Queue[] {
  return [...new Set([queue, commandQueue])].flatMap((name) => topology.queues.filter((one) => one.name === name));
}

/**
 * The queue by which a consumer gets its messages: commands, and answers to those that this service sends, have one of their own. Throws `UsageError` when the
 * definition names none, or one that its topology lacks.
 */
export function consumerQueue(definition: ServiceDefinition, consumer: ReplicaDefinition | EffectDefinition): Queue {
  const { service, topology, queue, commandQueue } = definition;
  const name = isOfCommands(definition, consumer) ? (commandQueue ?? queue) : (queue ?? commandQueue);
  const found = topology.queues.find((one) => one.name === name);
  if (found === undefined) throw new UsageError(`${service} has no queue to consume from`);
  return found;
}

function isOfCommands({ sends = {} }: ServiceDefinition, consumer: ReplicaDefinition | EffectDefinition): boolean {
  if ('command' in consumer && consumer.command !== undefined) return true;
  return Object.values(sends).some(({ reply }) => reply?.message.name === consumer.message.name);
}
