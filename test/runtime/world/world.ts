import { VirtualClock } from '../../../harness/virtual-clock.js';
import type { Broker, Queue } from '../../../runtime/brokers/broker.js';
import { type MemoryBroker, type MemoryFaults, memoryBroker } from '../../../runtime/brokers/memory.js';
import { type Clock, type Random, systemClock, uuidV7 } from '../../../runtime/clock.js';
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
  ownedTally,
  type Tally,
  type Welcome,
  welcome,
} from './contracts.js';

export interface AccountsTransaction extends ServiceTransaction {
  readonly Company: OwnedEntity<Company>;
}

export interface PeopleTransaction extends ServiceTransaction {
  readonly Employee: OwnedEntity<Employee>;
  readonly publish: { Hired(message: Hired): Promise<void> };
}

export interface SurveysTransaction extends ServiceTransaction {
  readonly Tally: OwnedEntity<Tally>;
  readonly publish: { Welcome(message: Welcome): Promise<void> };
}

export interface SurveysCopies {
  readonly Company: Copy<CompanyCopy>;
  readonly SyncedEmployee: Copy<EmployeeCopy>;
}

export type OnHired = EffectHandler<Hired, SurveysTransaction>;
export type Surveys = Service<SurveysTransaction, SurveysCopies>;

export const surveysQueue = 'surveys.events';
/** Everything that anybody publishes, for looking at. */
export const tapQueue = 'tap';

/** What a test may change about the system before it starts. */
export interface WorldOptions {
  /** Default: virtual time. The machine's clock suits stores that do real work, and scenarios in which no time has to pass. */
  readonly clock?: Clock;
  readonly faults?: MemoryFaults;
  /** Default: a memory store for each service. */
  readonly store?: (service: string) => Store;
  /** Replaces what surveys runs on, to break it or to kill it. */
  readonly around?: { readonly store?: (store: Store) => Store; readonly broker?: (broker: Broker) => Broker };
  readonly employee?: ReplicaDefinition;
  readonly copies?: Readonly<Record<string, ReplicaDefinition>>;
  /** `batch_size` of every copy of surveys. Default: message by message. */
  readonly batchSize?: number;
  readonly effects?: readonly EffectDefinition[];
  readonly handlers?: Readonly<Record<string, OnHired>>;
  readonly surveys?: Partial<ServiceOptions>;
  readonly queue?: Partial<Queue>;
  /** Told of the world once it runs. */
  readonly started?: (world: World) => void;
}

export interface World {
  readonly broker: MemoryBroker;
  readonly accounts: Service<AccountsTransaction, object>;
  readonly people: Service<PeopleTransaction, object>;
  readonly surveys: Surveys;
  readonly lines: readonly LogLine[];
  now(): number;
  /** Waits for `work`, letting virtual time pass as far as it needs. */
  run<T>(work: Promise<T>): Promise<T>;
  /** Lets virtual time pass. Fails on a world in real time. */
  advance(ms: number): Promise<void>;
  /** Lets everything happen that needs no further time than retries and relays take. */
  settle(): Promise<void>;
  /** Writes a company into surveys' store as a person with SQL would: nobody is told. */
  putCompanySilently(id: string): Promise<void>;
  /** A further surveys on the same queue and store, as after a crash; started. */
  anotherSurveys(): Promise<Surveys>;
  stop(): Promise<void>;
}

export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Three services on one memory broker, started. */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const clock = options.clock ?? new VirtualClock();
  const virtual = clock instanceof VirtualClock ? clock : undefined;
  const run = <T>(work: Promise<T>): Promise<T> => (virtual === undefined ? work : virtual.run(work));
  const broker = memoryBroker({ clock, ...(options.faults && { faults: options.faults }) });
  const lines: LogLine[] = [];
  const shared = { clock, random: seededRandom(clock), log: recordInto(lines) };
  const stores = options.store ?? (() => memoryStore());
  const store = { accounts: stores('accounts'), people: stores('people'), surveys: stores('surveys') };
  const accounts = createService<AccountsTransaction, object>(
    definition('accounts', { owned: { Company: ownedCompany } }),
    { ...shared, broker, store: store.accounts },
  );
  const people = createService<PeopleTransaction, object>(
    definition('people', { owned: { Employee: ownedEmployee }, publishes: { Hired: hiredEvent } }),
    { ...shared, broker, store: store.people },
  );
  const { around = {} } = options;
  const makeSurveys = (wrapped: boolean): Surveys =>
    createService<SurveysTransaction, SurveysCopies>(surveysDefinition(options), {
      ...shared,
      broker: (wrapped && around.broker?.(broker)) || broker,
      store: (wrapped && around.store?.(store.surveys)) || store.surveys,
      ...options.surveys,
      handlers: options.handlers ?? {},
    });
  const surveys = makeSurveys(true);
  const services: Pick<Surveys, 'start' | 'stop' | 'settled'>[] = [surveys, accounts, people];
  await broker.declare({ exchanges: [{ name: events, kind: 'topic' }], queues: [tap] });
  for (const service of services) await run(service.start());
  const world: World = {
    ...{ broker, accounts, people, surveys, lines, run },
    now: () => clock.now(),
    async advance(ms) {
      if (virtual === undefined) throw new Error('real time cannot be advanced');
      await virtual.advance(ms);
    },
    async settle() {
      for (let round = 0; round < 3; round++) {
        for (const service of services) await run(service.settled());
      }
    },
    async putCompanySilently(id) {
      const version = { epoch: 0, sequence: 1n, tie: '' };
      const incoming = {
        version,
        hash: '',
        deleted: false,
        force: false,
        carries: 'state',
        equalApplies: false,
      } as const;
      await run(
        store.surveys.transaction((tx) => tx.putReplica(companyCopy.table, id, { id, name: 'by hand' }, incoming)),
      );
    },
    async anotherSurveys() {
      const another = makeSurveys(false);
      services[0] = another;
      await run(another.start());
      return another;
    },
    async stop() {
      for (const service of services) await run(service.stop());
    },
  };
  options.started?.(world);
  return world;
}

/** One world of the options' kind, in real time: for stores that do real work. */
export const realTime: Pick<WorldOptions, 'clock'> = { clock: systemClock };

const tap: Queue = {
  name: tapQueue,
  service: 'tap',
  bindings: [{ exchange: events, key: '#' }],
  deadLetter: `${tapQueue}.dlq`,
  maxDeliveries: 1,
  partitions: 1,
};

function surveysDefinition(options: WorldOptions): ServiceDefinition {
  const queue: Queue = {
    name: surveysQueue,
    service: 'surveys',
    bindings: ['people.#', 'accounts.#'].map((key) => ({ exchange: events, key })),
    deadLetter: `${surveysQueue}.dlq`,
    maxDeliveries: 20,
    partitions: 1,
    ...options.queue,
  };
  return definition('surveys', {
    owned: { Tally: ownedTally },
    publishes: { Welcome: welcome },
    copies: inBatches(
      options.copies ?? { Company: companyCopy, SyncedEmployee: options.employee ?? employeeCopy() },
      options.batchSize,
    ),
    effects: options.effects ?? [],
    queue: surveysQueue,
    topology: { exchanges: [{ name: events, kind: 'topic' }], queues: [queue] },
  });
}

function inBatches(
  copies: NonNullable<WorldOptions['copies']>,
  batchSize: number | undefined,
): NonNullable<WorldOptions['copies']> {
  if (batchSize === undefined) return copies;
  return Object.fromEntries(Object.entries(copies).map(([name, copy]) => [name, { ...copy, batchSize }]));
}

function definition(service: string, more: Partial<ServiceDefinition>): ServiceDefinition {
  return {
    ...{ system: 'test', service, owned: {}, publishes: {}, copies: {}, effects: [] },
    topology: { exchanges: [{ name: events, kind: 'topic' }], queues: [] },
    ...more,
  };
}

/** The same ids in every run; the time in front, as in production. */
function seededRandom(clock: Clock, seed = 1): Random {
  let state = seed;
  const next = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
  const fill = (bytes: Uint8Array) => {
    bytes.set(Array.from(bytes, () => Math.floor(next() * 256)));
  };
  return { next, uuid: () => uuidV7(clock.now(), fill) };
}

function recordInto(lines: LogLine[]): Logger {
  const at = (level: string) => (facts: Readonly<Record<string, unknown>>, message: string) => {
    lines.push({ level, message, facts });
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
