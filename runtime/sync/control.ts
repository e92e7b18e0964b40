import type { Topology } from '../brokers/broker.js';
import type { MessageDefinition, ServiceDefinition } from '../definition.js';

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
  validate: (data): data is SyncRequest => hasTexts(data, ['entity', 'id', 'from']),
};

/** What an operator asks of a follower: read everything of this entity again. */
export interface FullSyncRequest {
  readonly entity: string;
  /** Name of the run, unless one is running already: the request then joins that one. */
  readonly run: string;
  readonly from: string;
  /** Applies equal versions again, to repair damaged copies. */
  readonly repair: boolean;
}

/** The runtime's own message to a follower; no contract names it. */
export const fullSyncRequest: MessageDefinition<FullSyncRequest> = {
  name: 'seamwright.full-sync-request',
  version: '1',
  validate: (data): data is FullSyncRequest =>
    hasTexts(data, ['entity', 'run', 'from']) && typeof Reflect.get(data, 'repair') === 'boolean',
};

function hasTexts(data: unknown, names: readonly string[]): data is object {
  return (
    typeof data === 'object' && data !== null && names.every((name) => typeof Reflect.get(data, name) === 'string')
  );
}

/** Exchange of a system's control messages; the key is the service that is meant. */
export function controlExchange(system: string): string {
  return `${system}.control`;
}

/** Queue in which a service gets control messages. */
export function controlQueue(service: string): string {
  return `${service}.control`;
}

/** What a service that owns or copies entities declares beside its contracts' topology. */
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

/** Who owns entities answers requests for them; who keeps copies can be asked to fill them. */
export function hasControlQueue({ owned, copies }: Pick<ServiceDefinition, 'owned' | 'copies'>): boolean {
  return Object.keys(owned).length + Object.keys(copies).length > 0;
}
