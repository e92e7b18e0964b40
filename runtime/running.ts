import { createBackPressure } from './back-pressure.js';
import type { Subscription } from './brokers/broker.js';
import { brokerFor } from './brokers/registry.js';
import { type Clock, systemClock, systemRandom } from './clock.js';
import { brokerUrl, databaseUrl } from './connection-urls.js';
import type { Consumer } from './consume/consumer.js';
import { createPipeline } from './consume/pipeline.js';
import { createDeadLetterWatch } from './dead-letter-watch.js';
import type { ServiceDefinition } from './definition.js';
import { awaitedEntities } from './dependencies.js';
import { createHealth, type Health } from './health.js';
import type { Listening } from './http/node-adapter.js';
import { inTransaction } from './in-transaction.js';
import { createJobs, type Jobs } from './jobs/jobs.js';
import type { PlannedJob } from './jobs/planned-job.js';
import { environmentLogger } from './json-log.js';
import { inContext, withFacts } from './log.js';
import { noteRuns } from './note-runs.js';
import { createRelay, type Relay } from './outbox.js';
import { createParking, type Parking } from './parking.js';
import type { Parts } from './parts.js';
import { serveProbes } from './probes.js';
import { createPurging, type Purging } from './purge.js';
import { retryDelay } from './retry-delay.js';
import type { SagaBook } from './saga/book.js';
import { sagaConsumers } from './saga/intake.js';
import { createSagas, type Sagas, sagaStarters } from './saga/sagas.js';
import { outOfScope } from './scope.js';
import { securityOf } from './security/security.js';
import type { ServiceOptions } from './service-options.js';
import { queuesOf } from './service-queue.js';
import { serviceTransaction } from './service-transaction.js';
import { settled } from './settled.js';
import { storeFor } from './stores/registry.js';
import { answerRequests } from './sync/answer.js';
import { controlQueue, controlTopology, hasControlQueue } from './sync/control.js';
import { createFullRuns, type FullRuns } from './sync/full-runs.js';
import type { Telemetry } from './telemetry.js';
import { enterTestMode } from './test-mode.js';

/** A service between start and stop. */
export interface Running {
  readonly parts: Parts;
  readonly jobs: Jobs;
  /** Absent when the service has none. */
  readonly sagas?: Sagas;
  /** Lets messages in and out. Rejects with the first error; `stop` is to be called then, too. */
  begin(): Promise<void>;
  /** Takes no new message and lets those in work finish, for `stopGraceMs`; then closes what `open` opened. */
  stop(): Promise<void>;
  settled(): Promise<void>;
  health(): Promise<Health>;
}

/** Opens what was not given, prepares store and topology. Rejects with the first error and leaves nothing open. */
export async function open(
  definition: ServiceDefinition,
  handlers: readonly Consumer[],
  planned: readonly PlannedJob[],
  book: SagaBook | undefined,
  options: ServiceOptions,
  telemetry: Telemetry,
): Promise<Running> {
  const { clock = systemClock, random = systemRandom } = options;
  // Before anything is opened: what is wrong with them is the user's to mend.
  const security = securityOf(definition, options.security, process.env);
  const log = withFacts(inContext(options.log ?? environmentLogger()), { service: definition.service });
  const store = options.store ?? storeFor(databaseUrl(definition, process.env), definition.service);
  const broker = options.broker ?? (await brokerFor(brokerUrl(definition, process.env)));
  const stopping = new AbortController();
  let relay: Relay | undefined;
  let parking: Parking | undefined;
  let runs: FullRuns | undefined;
  let purging: Purging | undefined;
  const deliveries = { received: 0, inWork: 0 };
  /** By queue. */
  const subscriptions = new Map<string, Subscription>();

  const aroundHandler = options.aroundHandler ?? noteRuns(process.env);
  const parts: Parts = {
    ...{ definition, broker, store, clock, random, telemetry, log, security },
    messageBytesMax: options.messageBytesMax ?? 8 * 1024 * 1024,
    ...(aroundHandler && { aroundHandler }),
    awaited: awaitedEntities(definition),
    retryDelayMs: (policy, attempt) => retryDelay(policy, attempt, random),
    wake: { outbox: () => relay?.wake(), parked: () => parking?.wake(), sagas: () => sagas?.wake() },
    ...(book && { sagaStarters: (run) => (sagas === undefined ? {} : sagaStarters(sagas.engine, run)) }),
    signal: stopping.signal,
  };

  const jobs = createJobs(parts, planned);
  const sagas = book && createSagas(parts, book);
  const consumers = sagas === undefined ? handlers : [...handlers, ...sagaConsumers(sagas.engine)];
  const parkedMax = options.maxParked ?? 10_000;
  const watch = createDeadLetterWatch(parts, consumers);
  const health = createHealth(parts, consumers, { parkedMax, ...options.health }, watch.overdue);
  let probes: Listening | undefined;
  let leaveTestMode = (): void => {};

  try {
    await store.prepare(Object.values(definition.copies).map(({ table }) => table));
    await prepareOwn();
    await broker.declare(definition.topology);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    ...{ parts, jobs, begin, stop, health },
    ...(sagas && { sagas }),
    settled: () => settled({ parts, relay, parking, sagas, deliveries }),
  };

  async function begin(): Promise<void> {
    relay = createRelay(parts);
    const pressure = createBackPressure(parts, parkedMax, (queue) => subscriptions.get(queue));
    parking = createParking(parts, consumers, pressure.looked);
    runs = createFullRuns(parts, consumers, options.pages ?? {});
    // Before the first message: a run begins with a plan that is written down.
    await sagas?.start();
    await listen(pressure.parked, runs);
    relay.start();
    parking.start();
    runs.start();
    purging = createPurging(parts, options.keep);
    purging.start();
    watch.start();
    await jobs.start();
    leaveTestMode = enterTestMode(parts, process.env);
    probes = await serveProbes(health, process.env);
  }

  async function prepareOwn(): Promise<void> {
    const { prepare } = options;
    if (prepare === undefined) return;
    const name = `${definition.service}.prepare`;
    await inTransaction(parts, { correlationId: name }, async (unit) => {
      // `if not exists` does not help two instances that start at the same time.
      await unit.tx.lock([name]);
      await prepare(serviceTransaction(parts, unit));
    });
  }

  async function listen(parked: (consumer: Consumer) => Promise<void>, runs: FullRuns): Promise<void> {
    const prefetch = options.prefetch ?? defaultPrefetch(definition);
    const table = tableOf(consumers);
    for (const queue of consumers.length > 0 ? queuesOf(definition) : []) {
      const receive = createPipeline(parts, queue, table, parked);
      const subscription = await broker.subscribe(queue.name, { prefetch }, async (delivery) => {
        deliveries.received += 1;
        deliveries.inWork += 1;
        try {
          await outOfScope(() => receive(delivery));
        } finally {
          deliveries.inWork -= 1;
        }
      });
      subscriptions.set(queue.name, subscription);
    }
    if (!hasControlQueue(definition)) return;
    await broker.declare(controlTopology(definition.system, definition.service));
    const answer = answerRequests(parts, runs);
    const control = controlQueue(definition.service);
    subscriptions.set(
      control,
      await broker.subscribe(control, { prefetch: 1 }, (delivery) => outOfScope(() => answer(delivery))),
    );
  }

  async function stop(): Promise<void> {
    stopping.abort(new Error(`${definition.service} stops`));
    const graceMs = options.stopGraceMs ?? 30_000;
    if (!(await finishes(clock, drain(), graceMs))) {
      // A handler that never ends must not keep the process: its message is handed out again when the connection is gone.
      parts.log.error({ graceMs }, 'stopped without waiting any longer for messages in work');
    }
    if (options.broker === undefined) await broker.close();
    if (options.store === undefined) await store.close();
  }

  async function drain(): Promise<void> {
    leaveTestMode();
    await probes?.close();
    await Promise.all(
      [...subscriptions.values(), parking, runs, watch, purging, jobs, sagas].map((one) => one?.stop()),
    );
    await relay?.stop();
  }
}

/** False when `work` takes longer than `limitMs`; it then goes on unwatched. */
async function finishes(clock: Clock, work: Promise<void>, limitMs: number): Promise<boolean> {
  let cancel = (): void => {};
  const late = new Promise<boolean>((resolve) => {
    cancel = clock.timer(limitMs, () => resolve(false));
  });
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    cancel();
  }
}

/** Consumers by the message they take. */
function tableOf(consumers: readonly Consumer[]): ReadonlyMap<string, readonly Consumer[]> {
  const table = new Map<string, readonly Consumer[]>();
  for (const consumer of consumers) {
    const { name } = consumer.definition.message;
    table.set(name, [...(table.get(name) ?? []), consumer]);
  }
  return table;
}

/** Enough for two batches in work and one that gathers behind them. */
function defaultPrefetch({ copies }: ServiceDefinition): number {
  return Math.max(16, ...Object.values(copies).map(({ batchSize = 1 }) => (batchSize > 1 ? 3 * batchSize : 1)));
}
