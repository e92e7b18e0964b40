import { stayAwake } from './clock.js';
import { type Copy, copyOf } from './copies.js';
import type { ServiceDefinition } from './definition.js';
import { UsageError } from './errors.js';
import { type Health, notStarted } from './health.js';
import { inTransaction } from './in-transaction.js';
import type { JobControl } from './jobs/definition.js';
import { plannedJobs } from './jobs/jobs.js';
import type { Parts as RunningParts } from './parts.js';
import { open, type Running } from './running.js';
import { createBook } from './saga/book.js';
import type { SagaControl, SagaStarter } from './saga/definition.js';
import { currentScope } from './scope.js';
import { checkDefinition, consumersOf } from './service-check.js';
import type { ServiceOptions } from './service-options.js';
import { type ServiceTransaction, serviceTransaction } from './service-transaction.js';
import { forceSync } from './sync/force.js';
import { type FetchPage, type FullSyncOptions, type FullSyncReport, fullSync } from './sync/full.js';
import { requestSync } from './sync/request.js';
import { ownChecksum, type PageRequest, type SnapshotPage, snapshotPage } from './sync/snapshot.js';
import { readTask } from './tasks/keep-tasks.js';
import type { TaskReader } from './tasks/task.js';
import { createTelemetry, type Metric } from './telemetry.js';
import { activeTraceparent } from './tracing.js';
import type { Cause, UnitOfWork } from './unit-of-work.js';
import { within } from './within.js';

/** One running service. `Tx` and `Copies` are the generated types of its transactions and copies. */
export interface Service<Tx = ServiceTransaction, Copies = Readonly<Record<string, Copy<object>>>> {
  readonly name: string;
  /** Prepares the store, declares the topology, begins to consume and to relay. Rejects with `UsageError` for a definition or handlers that do not fit. */
  start(): Promise<void>;
  /** Takes no new message, lets those in work finish, empties the outbox as far as the broker is there. */
  stop(): Promise<void>;
  /**
   * Runs `work` in one transaction: its SQL, its changes of owned entities and its messages commit together or not at all. It may run more than once, and
   * must have no effect outside `tx`. `cause` sets where a new chain of messages comes from, such as the correlation id of a request.
   */
  transaction<T>(work: (tx: Tx) => Promise<T>, cause?: Partial<Cause>): Promise<T>;
  /**
   * The same inside a transaction that the caller has begun on a `pg` client of its own: it commits and rolls back with that one, whatever `work` answers. A
   * rejection undoes `work` alone. Messages leave within a second of the commit. Runs once: a deadlock is the caller's to try again.
   */
  within<T>(client: object, work: (tx: Tx) => Promise<T>, cause?: Partial<Cause>): Promise<T>;
  readonly copies: Copies;
  /** Tasks that `tx.tasks` has started, for whoever asks how far they are. */
  readonly tasks: TaskReader;
  readonly sync: ServiceSync;
  /** Resolves when nothing is queued for this service, ready in its parking place or waiting in its outbox. What no queue takes, since its first consumer has yet to come, does not count. For demos and tests, on brokers that can tell. */
  settled(): Promise<void>;
  /** How it is at the moment: store, broker, outbox, parked messages, dead letters. Never rejects. */
  health(): Promise<Health>;
  /** Counters and last values so far; names as in OpenTelemetry. */
  metrics(): readonly Metric[];
}

/** What services have whose contracts name jobs or sagas, by the names of generated code. */
export interface ServiceParts {
  readonly jobs?: Readonly<Record<string, JobControl>>;
  readonly sagas?: Readonly<Record<string, SagaControl<never>>>;
}

export interface ServiceSync {
  /** Owner: tells the present state of an entity again, marked as forced. False when it was never told. */
  force(entity: string, id: string): Promise<boolean>;
  /** Follower: asks the owner to do that. */
  request(entity: string, id: string): Promise<void>;
  /** Follower: brings all copies of an entity up to date from the owner's list. */
  full(entity: string, fetchPage: FetchPage, options?: FullSyncOptions): Promise<FullSyncReport>;
  /** Owner: one page for its list endpoint. */
  snapshot(entity: string, page?: PageRequest): Promise<SnapshotPage>;
  /** Owner: what `full` reports as `items` and `checksum` when a follower has everything. */
  checksum(entity: string): Promise<{ readonly items: number; readonly checksum: string }>;
}

/**
 * Assembles a service of its contracts' definition. Generated code calls this; `Tx`, `Copies` and `Parts` are its types of what the definition says.
 * Throws `UsageError` when a handler is missing or the definition contradicts itself.
 */
export function createService<
  Tx = ServiceTransaction,
  Copies = Readonly<Record<string, Copy<object>>>,
  Parts extends ServiceParts = ServiceParts,
>(
  definition: ServiceDefinition,
  options: ServiceOptions & { readonly handlers?: object; readonly jobs?: object; readonly sagas?: object } = {},
): Service<Tx, Copies> & Parts {
  checkDefinition(definition);
  const consumers = consumersOf(definition, options.handlers ?? {});
  const planned = plannedJobs(definition.jobs, options.jobs);
  const { sagas: defined = [] } = definition;
  const book = defined.length === 0 ? undefined : createBook(defined, options.sagas, options.sagaCalls);
  const telemetry = createTelemetry(definition.service);
  let running: Running | undefined;
  let starting = false;

  function up(): Running {
    if (running === undefined) throw new UsageError(`${definition.service} is not started`);
    return running;
  }

  async function inUnit<T>(work: (unit: UnitOfWork) => Promise<T>, cause: Partial<Cause> = {}): Promise<T> {
    return inTransaction(up().parts, causeHere(cause), work);
  }

  function causeHere(cause: Partial<Cause>): Cause {
    const traceparent = activeTraceparent();
    const traced = traceparent === undefined ? {} : { traceparent };
    return { correlationId: up().parts.random.uuid(), ...currentScope()?.cause, ...traced, ...cause };
  }

  const snapshot = (entity: string, page: PageRequest = {}) =>
    inUnit((unit) => snapshotPage(up().parts, unit, entity, page));

  const copies = Object.keys(definition.copies).map((name) => [name, lazyCopy(name)] as const);
  function lazyCopy(name: string): Copy<object> {
    const copy = () => copyOf(up().parts, definition.copies[name] ?? missing(name));
    return { get: async (id) => copy().get(id), list: async (page) => copy().list(page) };
  }

  const jobs = planned.map(({ definition: { property } }) => {
    const job = () => up().jobs.named(property);
    const control: JobControl = {
      run: async (what) => job().run(what),
      report: async (occurrence) => job().report(occurrence),
      last: async () => job().last(),
    };
    return [property, control] as const;
  });

  const sagas = defined.map(({ property }) => {
    const control: SagaControl<unknown> = {
      start: (input) => inUnit((unit) => starterOf(up().parts, unit, property).start(input)),
      outcome: async (id, { waitMs = 0 } = {}) => up().sagas?.outcome(property, id, waitMs),
    };
    return [property, control] as const;
  });

  const service: Service<Tx, Copies> & ServiceParts = {
    name: definition.service,
    async start() {
      if (running !== undefined || starting) throw new UsageError(`${definition.service} is started already`);
      starting = true;
      try {
        const opened = await open(definition, consumers, planned, book, options, telemetry);
        // Before the first message comes in: its handler may use this service.
        running = opened;
        await opened.begin();
      } catch (error) {
        const opened = running;
        running = undefined;
        await opened?.stop();
        throw error;
      } finally {
        starting = false;
      }
    },
    async stop() {
      await running?.stop();
      running = undefined;
    },
    // The generated types describe exactly what `serviceTransaction` builds from the same definition.
    within: async (client, work, cause = {}) =>
      within(up().parts, client, causeHere(cause), (unit) => work(serviceTransaction(up().parts, unit) as Tx)),
    transaction: (work, cause) => inUnit((unit) => work(serviceTransaction(up().parts, unit) as Tx), cause),
    copies: Object.fromEntries(copies) as Copies,
    tasks: { get: (id) => inUnit(({ tx }) => readTask(tx, id, up().parts.clock.now())) },
    sync: {
      force: (entity, id) => inUnit((unit) => forceSync(up().parts, unit, entity, id)),
      request: (entity, id) => inUnit((unit) => requestSync(up().parts, unit, { entity, id })),
      full: async (entity, fetchPage, more) => fullSync(up().parts, consumers, entity, fetchPage, more),
      snapshot,
      checksum: (entity) => ownChecksum((page) => snapshot(entity, page)),
    },
    async settled() {
      // The caller waits, and nothing but timers that hold nobody up may be left to happen.
      const sleep = stayAwake();
      try {
        await up().settled();
      } finally {
        sleep();
      }
    },
    health: async () => (await running?.health()) ?? notStarted(definition.service),
    metrics: () => telemetry.snapshot(),
    ...(jobs.length > 0 && { jobs: Object.fromEntries(jobs) }),
    ...(sagas.length > 0 && { sagas: Object.fromEntries(sagas) }),
  };
  return service as Service<Tx, Copies> & Parts;
}

function starterOf(parts: RunningParts, unit: UnitOfWork, property: string): SagaStarter<unknown> {
  const starter = parts.sagaStarters?.((work) => work(unit))[property];
  if (starter === undefined) throw new UsageError(`there is no saga ${property}`);
  return starter;
}

function missing(name: string): never {
  throw new UsageError(`there is no copy ${name}`);
}
