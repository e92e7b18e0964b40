import type { Topology } from '../brokers/broker.js';
import type { MessageDefinition } from '../definition.js';

/** What a follower asks of an owner: tell this entity again. */
export interface SyncRequest {
  readonly entity: string;
  readonly id: string;
  /** The service that asks. */
  readonly from: string;
}

/** The runtime's own message between services; no contract names it. */
export const syncRequest: MessageDefinition<SyncRequest> = {
  name: 'seamwright.sync-request',
  version: '1',
  validate: (data): data is SyncRequest =>
    typeof data === 'object' &&
    data !== null &&
    ['entity', 'id', 'from'].every((name) => typeof Reflect.get(data, name) === 'string'),
};

/** Exchange of a system's control messages; the key is the service that is meant. */
export function controlExchange(system: string): string {
  return `${system}.control`;
}

/** Queue in which a service gets control messages. */
export function controlQueue(service: string): string {
  return `${service}.control`;
}

/** What a service that owns entities declares beside its contracts' topology. */
export function controlTopology(system: string, service: string): Topology {
  const exchange = controlExchange(system);
  const queue = controlQueue(service);
  return {
    exchanges: [{ name: exchange, kind: 'direct' }],
    queues: [
      {
        name: queue,
        service,
        bindings: [{ exchange, key: service }],
        deadLetter: `${queue}.dlq`,
        maxDeliveries: 10,
        partitions: 1,
      },
    ],
  };
}
