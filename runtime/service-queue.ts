import type { Queue } from './brokers/broker.js';
import type { ServiceDefinition } from './definition.js';
import { UsageError } from './errors.js';

/** The queue of everything a service consumes. Throws `UsageError` when its definition names none, or one that its topology lacks. */
export function serviceQueue(definition: ServiceDefinition): Queue {
  const queue = definition.topology.queues.find((one) => one.name === definition.queue);
  if (queue === undefined) throw new UsageError(`${definition.service} has no queue to consume from`);
  return queue;
}
