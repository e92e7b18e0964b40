import type { Consumer } from './consume/consumer.js';
import { readJobState } from './jobs/job-state.js';
import type { Parts } from './parts.js';
import type { Transaction } from './stores/store.js';

/**
 * How a service is. `up`: it works. `degraded`: it works, and somebody should look. `down`: it cannot work, because it is not started, its store or its broker is
 * away; nothing should be sent to it until that is over.
 */
export interface Health {
  readonly service: string;
  readonly status: 'up' | 'degraded' | 'down';
  readonly checks: readonly HealthCheck[];
}

/** `unknown`: this broker or store cannot tell. `detail` names neither addresses nor data. */
export interface HealthCheck {
  readonly name: 'store' | 'broker' | 'outbox' | 'parked' | 'dead-letters' | 'jobs' | 'sagas';
  readonly status: 'ok' | 'failing' | 'unknown';
  readonly detail?: string;
}

export interface HealthLimits {
  /** Age of the oldest message that could leave the outbox and has not, in ms. Default 60000. */
  readonly outboxAgeMaxMs?: number;
  /** Parked messages per consumer. Default: `maxParked`. */
  readonly parkedMax?: number;
  /** How long a check may take before it counts as failing, in ms. Default 2000. */
  readonly timeoutMs?: number;
}

/** What a service is not ready without. */
const vital: readonly HealthCheck['name'][] = ['store', 'broker'];

/** Asks store and broker anew at each call; `overdue` is the number of dead letters that have waited for too long. Never rejects, and ends in about `timeoutMs`. */
export function createHealth(
  parts: Parts,
  consumers: readonly Consumer[],
  limits: HealthLimits & { readonly parkedMax: number },
  overdue: () => number,
): () => Promise<Health> {
  const { service } = parts.definition;
  return async () => {
    const [backlog, broker] = await Promise.all([
      inTime(parts, limits, () => parts.store.transaction((tx) => backlogOf(tx, parts, consumers))),
      brokerCheck(parts, limits),
    ]);
    const checks = [
      ...[storeCheck(backlog), broker, ...backlogChecks(parts, backlog, limits), deadLetterCheck(overdue())],
      ...(parts.definition.jobs === undefined ? [] : [jobsCheck(backlog)]),
      ...(parts.definition.sagas === undefined ? [] : [sagasCheck(backlog)]),
    ];
    const failing = checks.filter(({ status }) => status === 'failing').map(({ name }) => name);
    const down = parts.signal.aborted || failing.some((name) => vital.includes(name));
    return { service, status: down ? 'down' : failing.length > 0 ? 'degraded' : 'up', checks };
  };
}

/** Health of a service that is not started. */
export function notStarted(service: string): Health {
  return { service, status: 'down', checks: [] };
}

interface Backlog {
  readonly oldestDueAt?: number;
  /** The consumer with most parked messages. */
  readonly parked?: { readonly consumer: string; readonly count: number };
  /** Jobs whose latest run has failed for good. */
  readonly failed: readonly string[];
  /** Runs of sagas that somebody has to look at. */
  readonly stuck: number;
}

async function backlogOf(tx: Transaction, { definition }: Parts, consumers: readonly Consumer[]): Promise<Backlog> {
  const { oldestDueAt } = await tx.outboxBacklog();
  let parked: Backlog['parked'];
  for (const { definition: consumer } of consumers) {
    const count = await tx.countParked(consumer.name);
    if (count > (parked?.count ?? 0)) parked = { consumer: consumer.name, count };
  }
  const counts = definition.sagas === undefined ? [] : await tx.sagas.counts();
  const stuck = counts.reduce((sum, { status, count }) => (status === 'stuck' ? sum + count : sum), 0);
  const failed: string[] = [];
  for (const { name } of definition.jobs ?? []) {
    if ((await readJobState(tx, name))?.run?.state === 'failed') failed.push(name);
  }
  return { failed, stuck, ...(oldestDueAt !== undefined && { oldestDueAt }), ...(parked && { parked }) };
}

function storeCheck(backlog: Backlog | undefined): HealthCheck {
  return backlog === undefined
    ? { name: 'store', status: 'failing', detail: 'the store does not answer' }
    : { name: 'store', status: 'ok' };
}

/** The client's own knowledge where it has some, else a question to the broker. */
async function brokerCheck(parts: Parts, limits: HealthLimits): Promise<HealthCheck> {
  const { broker, definition } = parts;
  const failing = { name: 'broker', status: 'failing', detail: 'the broker is not connected' } as const;
  if (broker.connected !== undefined) return broker.connected ? { name: 'broker', status: 'ok' } : failing;
  const [queue] = definition.topology.queues;
  if (queue === undefined) return { name: 'broker', status: 'unknown' };
  const depth = await inTime(parts, limits, () => broker.admin.depth(queue));
  return depth === undefined ? failing : { name: 'broker', status: 'ok' };
}

function backlogChecks(
  parts: Parts,
  backlog: Backlog | undefined,
  limits: HealthLimits & { readonly parkedMax: number },
): readonly HealthCheck[] {
  if (backlog === undefined) {
    return [
      { name: 'outbox', status: 'unknown' },
      { name: 'parked', status: 'unknown' },
    ];
  }
  const { oldestDueAt, parked } = backlog;
  const ageMs = oldestDueAt === undefined ? 0 : parts.clock.now() - oldestDueAt;
  const late = ageMs > (limits.outboxAgeMaxMs ?? 60_000);
  const full = parked !== undefined && parked.count >= limits.parkedMax;
  return [
    late
      ? { name: 'outbox', status: 'failing', detail: `a message has waited to leave for ${Math.round(ageMs / 1000)} s` }
      : { name: 'outbox', status: 'ok' },
    full
      ? { name: 'parked', status: 'failing', detail: `${parked.count} messages of ${parked.consumer} are parked` }
      : { name: 'parked', status: 'ok' },
  ];
}

function deadLetterCheck(overdue: number): HealthCheck {
  return overdue > 0
    ? { name: 'dead-letters', status: 'failing', detail: `${overdue} dead letters have waited for too long` }
    : { name: 'dead-letters', status: 'ok' };
}

function jobsCheck(backlog: Backlog | undefined): HealthCheck {
  if (backlog === undefined) return { name: 'jobs', status: 'unknown' };
  const { failed } = backlog;
  return failed.length > 0
    ? { name: 'jobs', status: 'failing', detail: `the latest run of ${failed.join(', ')} has failed` }
    : { name: 'jobs', status: 'ok' };
}

function sagasCheck(backlog: Backlog | undefined): HealthCheck {
  if (backlog === undefined) return { name: 'sagas', status: 'unknown' };
  const { stuck } = backlog;
  return stuck > 0
    ? { name: 'sagas', status: 'failing', detail: `${stuck} ${stuck === 1 ? 'run is' : 'runs are'} stuck` }
    : { name: 'sagas', status: 'ok' };
}

/** Undefined when it is rejected or takes too long: whoever asks gets an answer all the same. */
async function inTime<T>(
  { clock }: Parts,
  { timeoutMs = 2_000 }: HealthLimits,
  work: () => Promise<T>,
): Promise<T | undefined> {
  let cancel = (): void => {};
  const late = new Promise<undefined>((resolve) => {
    cancel = clock.timer(timeoutMs, () => resolve(undefined));
  });
  try {
    return await Promise.race([work(), late]);
  } catch {
    return undefined;
  } finally {
    cancel();
  }
}
