import type { Broker, Queue } from '../../runtime/brokers/broker.js';
import { type Clock, type Random, systemClock, systemRandom } from '../../runtime/clock.js';
import type { Consumer } from '../../runtime/consume/consumer.js';
import type { ServiceDefinition } from '../../runtime/definition.js';
import { awaitedEntities } from '../../runtime/dependencies.js';
import { SeamwrightError, UsageError } from '../../runtime/errors.js';
import { silentLogger } from '../../runtime/log.js';
import type { Parts } from '../../runtime/parts.js';
import { unsecured } from '../../runtime/security/security.js';
import type { Store, Transaction } from '../../runtime/stores/store.js';
import { controlTopology, hasControlQueue } from '../../runtime/sync/control.js';
import { createTelemetry } from '../../runtime/telemetry.js';
import { servicesToEmit } from '../emit/service-facts.js';
import type { Model } from '../model/types.js';
import { serviceDefinition } from './definition.js';
import { messageDefinitions } from './message-definition.js';

/** A system of services that run somewhere else, as far as its contracts, its broker and its databases tell. */
export interface RunningSystem {
  readonly model: Model;
  readonly broker: Broker;
  readonly services: readonly RunningService[];
  readonly clock: Clock;
  readonly random: Random;
}

export interface RunningService {
  readonly name: string;
  readonly definition: ServiceDefinition;
  readonly consumers: readonly Consumer[];
  /** Every queue of the service: that of its messages, then that of the runtime's control messages. */
  readonly queues: readonly Queue[];
  /** Its database; rejects with `UsageError` when nobody has said where it is. */
  read<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
}

/** How a command reaches what runs. */
export interface Reach {
  readonly broker: Broker;
  /** The database of a service. Throws `UsageError` when nobody has said where it is. */
  store(service: string): Store;
  readonly clock?: Clock;
  readonly random?: Random;
}

/** The system that a model describes, reached through its broker and its databases. Opens nothing. */
export function runningSystem(model: Model, reach: Reach): RunningSystem {
  const messages = messageDefinitions(model);
  const services = servicesToEmit(model).map((facts) => {
    const definition = serviceDefinition(model, facts, messages);
    return runningService(definition, reach);
  });
  return {
    model,
    broker: reach.broker,
    services,
    clock: reach.clock ?? systemClock,
    random: reach.random ?? systemRandom,
  };
}

function runningService(definition: ServiceDefinition, reach: Reach): RunningService {
  const { service, system } = definition;
  const control = hasControlQueue(definition) ? controlTopology(system, service).queues : [];
  return {
    name: service,
    definition,
    consumers: [
      ...Object.values(definition.copies).map((copy) => ({ kind: 'replica', definition: copy }) as const),
      ...definition.effects.map((effect) => ({ kind: 'effect', definition: effect, handler: notHere }) as const),
    ],
    queues: [...definition.topology.queues, ...control],
    read: (work) => inStore(service, reach.store(service), work),
  };
}

async function notHere(): Promise<never> {
  throw new UsageError('handlers run in their service only');
}

/** The service of a name. Throws `UsageError` that names the others. */
export function serviceNamed(system: RunningSystem, name: string): RunningService {
  const found = system.services.find((service) => service.name === name);
  if (found !== undefined) return found;
  const known = system.services.map((service) => `"${service.name}"`).join(', ');
  throw new UsageError(`there is no service "${name}" in ${system.model.system}; there are ${known}`);
}

/** Parts for asking the pipeline what it would do; nothing that goes through them is committed. */
export function partsOf(system: RunningSystem, { definition, read }: RunningService): Parts {
  return {
    definition,
    broker: system.broker,
    store: {
      kind: 'remote',
      prepare: async () => {},
      transaction: read,
      close: async () => {},
    },
    clock: system.clock,
    random: system.random,
    log: silentLogger,
    telemetry: createTelemetry(definition.service),
    security: unsecured,
    messageBytesMax: Number.POSITIVE_INFINITY,
    awaited: awaitedEntities(definition),
    retryDelayMs: () => 0,
    wake: { outbox: () => {}, parked: () => {}, sagas: () => {} },
    signal: new AbortController().signal,
  };
}

/** What `work` answers, or in one sentence why a part of the system cannot be asked. */
export async function reachable<T>(work: () => Promise<T>): Promise<T | { readonly unreachable: string }> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SeamwrightError) return { unreachable: error.message };
    throw error;
  }
}

/** PostgreSQL's words for a schema, table, column or function that is not there. */
const absent: ReadonlySet<unknown> = new Set(['3F000', '42P01', '42703']);

async function inStore<T>(service: string, store: Store, work: (tx: Transaction) => Promise<T>): Promise<T> {
  try {
    return await store.transaction(work);
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && absent.has(error.code)) {
      throw new UsageError(
        `the database named for "${service}" holds no tables of it: name the one it runs on with --database ${service}=URL, or start the service once`,
      );
    }
    throw error;
  }
}
