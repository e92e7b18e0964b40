import type { ServiceDefinition } from '../../../runtime/definition.js';
import { type ServiceName, serviceNames, definitions as slow } from '../../runtime/soak/system.js';

/** The services of the simulation, as they are but for the steps of their queues: a test in real time does not wait seconds for a retry. */
export const definitions: Readonly<Record<ServiceName, ServiceDefinition>> = {
  a: withQuickRetries(slow.a),
  b: withQuickRetries(slow.b),
  c: withQuickRetries(slow.c),
};

export { type ServiceName, serviceNames };

function withQuickRetries(definition: ServiceDefinition): ServiceDefinition {
  const { topology } = definition;
  const queues = topology.queues.map((queue) => ({
    ...queue,
    retries: [50, 250].map((delayMs) => ({ name: `${queue.name}.retry.${delayMs}ms`, delayMs })),
  }));
  return { ...definition, topology: { ...topology, queues } };
}
