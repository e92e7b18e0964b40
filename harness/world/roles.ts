import type { Topology } from '../../runtime/brokers/broker.js';
import type { ServiceDefinition } from '../../runtime/definition.js';
import { createService } from '../../runtime/service.js';
import { type CreatedService, type HarnessOptions, outgoingOf, type ServiceCode } from '../subject.js';
import { remembered } from './remembered.js';

/** What a service is in a world: itself with its user's code, or the part of it that others meet. */
export type Part = 'itself' | 'owner' | 'follower';

/** Puts a service together for its part. `owner`: tells changes and publishes, consumes nothing. `follower`: keeps its copies, has no handlers. */
export function createFor(part: Part, code: ServiceCode): (options: HarnessOptions) => CreatedService {
  if (part === 'itself' && code.create !== undefined) return code.create;
  const definition = part === 'owner' ? ownerOnly(code.definition) : followerOnly(code.definition);
  return (options) => ({ service: createService(definition, options) });
}

/** Made once, since every world asks; and what is worked out for a definition is kept by it. */
const ownerOnly = remembered(ownerPart);
const followerOnly = remembered(followerPart);

function ownerPart(definition: ServiceDefinition): ServiceDefinition {
  const { queue: _, commandQueue: __, ...rest } = withoutOwnWork(definition);
  return { ...rest, copies: {}, effects: [], topology: { exchanges: definition.topology.exchanges, queues: [] } };
}

function followerPart(definition: ServiceDefinition): ServiceDefinition {
  return { ...withoutOwnWork(definition), effects: [], owned: {}, publishes: {} };
}

/** What a service does of its own accord needs its user's code. */
export function withoutOwnWork({ jobs: _, sagas: __, ...definition }: ServiceDefinition): ServiceDefinition {
  return definition;
}

export const tapQueue = 'seamwright.tap';

/** A queue for everything that anybody publishes: no message is unroutable only because this world has not all services. */
export function tapOf(services: Iterable<ServiceCode>): Topology {
  const exchanges = new Map<string, Topology['exchanges'][number]>();
  const bindings: { exchange: string; key: string }[] = [];
  for (const { definition } of services) {
    for (const exchange of definition.topology.exchanges) {
      if (exchanges.has(exchange.name)) continue;
      exchanges.set(exchange.name, exchange);
      if (exchange.kind !== 'direct')
        bindings.push({ exchange: exchange.name, key: exchange.kind === 'topic' ? '#' : '' });
    }
    for (const { address } of [...Object.values(outgoingOf(definition)), ...Object.values(definition.owned)]) {
      if (exchanges.get(address.exchange)?.kind === 'direct')
        bindings.push({ exchange: address.exchange, key: address.key });
    }
  }
  return {
    exchanges: [...exchanges.values()],
    queues: [
      {
        name: tapQueue,
        service: 'tap',
        bindings,
        deadLetter: `${tapQueue}.dlq`,
        maxDeliveries: 1,
        partitions: 1,
      },
    ],
  };
}
