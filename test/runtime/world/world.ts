import { VirtualClock } from '../../../harness/virtual-clock.js';
import type { Queue } from '../../../runtime/brokers/broker.js';
import { type MemoryBroker, memoryBroker } from '../../../runtime/brokers/memory.js';
import { type Random, uuidV7 } from '../../../runtime/clock.js';
import type { Copy } from '../../../runtime/copies.js';
import type {
  EffectDefinition,
  EffectHandler,
  ReplicaDefinition,
  ServiceDefinition,
} from '../../../runtime/definition.js';
import type { Logger } from '../../../runtime/log.js';
import type { OwnedEntity } from '../../../runtime/owned.js';
import { createService, type Service } from '../../../runtime/service.js';
import type { ServiceOptions } from '../../../runtime/service-options.js';
import type { ServiceTransaction } from '../../../runtime/service-transaction.js';
import { memoryStore } from '../../../runtime/stores/memory.js';
import type { Store } from '../../../runtime/stores/store.js';
import {
  type Company,
  type CompanyCopy,
  companyCopy,
  type Employee,
  type EmployeeCopy,
  employeeCopy,
  events,
  type Hired,
  hiredEvent,
  ownedCompany,
  ownedEmployee,
} from './contracts.js';

export interface AccountsTransaction extends ServiceTransaction {
  readonly Company: OwnedEntity<Company>;
}

export interface PeopleTransaction extends ServiceTransaction {
  readonly Employee: OwnedEntity<Employee>;
  readonly publish: { Hired(message: Hired): Promise<void> };
}

export interface SurveysCopies {
  readonly Company: Copy<CompanyCopy>;
  readonly SyncedEmployee: Copy<EmployeeCopy>;
}

export const surveysQueue = 'surveys.events';

/** What a test may change about the system before it starts. */
export interface WorldOptions {
  readonly broker?: MemoryBroker;
  readonly clock?: VirtualClock;
  /** Default: a memory store for each service. */
  readonly store?: (service: string) => Store;
  readonly employee?: ReplicaDefinition;
  readonly copies?: Readonly<Record<string, ReplicaDefinition>>;
  readonly effects?: readonly EffectDefinition[];
  readonly handlers?: Readonly<Record<string, EffectHandler<never>>>;
  readonly surveys?: Partial<ServiceOptions>;
  readonly queue?: Partial<Queue>;
}

export interface World {
  readonly clock: VirtualClock;
  readonly broker: MemoryBroker;
  readonly accounts: Service<AccountsTransaction, object>;
  readonly people: Service<PeopleTransaction, object>;
  readonly surveys: Service<ServiceTransaction, SurveysCopies>;
  readonly lines: readonly LogLine[];
  /** Lets everything happen that needs no further time than retries and relays take. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Three services on one memory broker and a virtual clock, started. */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const clock = options.clock ?? new VirtualClock();
  const broker = options.broker ?? memoryBroker({ clock });
  const lines: LogLine[] = [];
  const shared = { clock, random: seededRandom(clock), log: recordInto(lines) };
  const store = options.store ?? (() => memoryStore());
  const on = (service: string) => ({ ...shared, broker, store: store(service) });
  const accounts = createService<AccountsTransaction, object>(
    definition('accounts', { owned: { Company: ownedCompany } }),
    on('accounts'),
  );
  const people = createService<PeopleTransaction, object>(
    definition('people', { owned: { Employee: ownedEmployee }, publishes: { Hired: hiredEvent } }),
    on('people'),
  );
  const surveys = createService<ServiceTransaction, SurveysCopies>(
    definition('surveys', {
      copies: options.copies ?? { Company: companyCopy, SyncedEmployee: options.employee ?? employeeCopy() },
      effects: options.effects ?? [],
      queue: surveysQueue,
      topology: { exchanges: [{ name: events, kind: 'topic' }], queues: [{ ...queueOfSurveys, ...options.queue }] },
    }),
    { ...on('surveys'), ...options.surveys, handlers: options.handlers ?? {} },
  );
  const services = [surveys, accounts, people];
  for (const service of services) await clock.run(service.start());
  return {
    ...{ clock, broker, accounts, people, surveys, lines },
    async settle() {
      for (let round = 0; round < 3; round++) {
        for (const service of services) await clock.run(service.settled());
      }
    },
    async stop() {
      for (const service of services) await clock.run(service.stop());
    },
  };
}

export const queueOfSurveys: Queue = {
  name: surveysQueue,
  service: 'surveys',
  bindings: [{ exchange: events, key: '#' }],
  deadLetter: `${surveysQueue}.dlq`,
  maxDeliveries: 20,
  partitions: 1,
};

function definition(service: string, parts: Partial<ServiceDefinition>): ServiceDefinition {
  return {
    ...{ system: 'test', service, owned: {}, publishes: {}, copies: {}, effects: [] },
    topology: { exchanges: [{ name: events, kind: 'topic' }], queues: [] },
    ...parts,
  };
}

/** The same ids in every run; the time in front, as in production. */
export function seededRandom(clock: VirtualClock, seed = 1): Random {
  let state = seed;
  const next = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
  return {
    next,
    uuid: () =>
      uuidV7(clock.now(), (bytes) =>
        bytes.forEach((_, i) => {
          bytes[i] = Math.floor(next() * 256);
        }),
      ),
  };
}

function recordInto(lines: LogLine[]): Logger {
  const at = (level: string) => (facts: Readonly<Record<string, unknown>>, message: string) => {
    lines.push({ level, message, facts });
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
