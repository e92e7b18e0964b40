import type { QueueDepth, TopologyDifference } from '../../runtime/brokers/broker.js';
import { SeamwrightError } from '../../runtime/errors.js';
import type { ParkedEntry } from '../../runtime/stores/store.js';
import { controlTopology, hasControlQueue } from '../../runtime/sync/control.js';
import type { RunningService, RunningSystem } from './system.js';

/** Something that an operator should know, with the command that helps. */
export interface HealthFinding {
  readonly severity: 'error' | 'warning';
  readonly service: string;
  readonly problem: string;
  readonly next: string;
}

export interface QueueHealth {
  readonly name: string;
  /** Null when there is no such queue. */
  readonly depth: QueueDepth | null;
}

export interface StoreHealth {
  readonly outbox: { readonly pending: number; readonly oldestAgeMs?: number };
  readonly parked: readonly ParkedHealth[];
}

export interface ParkedHealth {
  readonly consumer: string;
  readonly count: number;
  readonly oldestAgeMs?: number;
  /** What the oldest one waits for. */
  readonly waitsFor?: string;
}

export interface ServiceHealth {
  readonly service: string;
  readonly queues: readonly QueueHealth[];
  /** Absent when the database cannot be asked; `unreachable` says why. */
  readonly store?: StoreHealth;
  readonly unreachable?: string;
}

export interface Health {
  readonly services: readonly ServiceHealth[];
  readonly topology: readonly TopologyDifference[];
  readonly findings: readonly HealthFinding[];
}

/** A message that has not left within this time is late: the relay looks every second. */
const outboxLateMs = 30_000;

/** Looks at every queue and database of a system. What cannot be reached is a finding; rejects only when the broker is away. */
export async function health(system: RunningSystem): Promise<Health> {
  const services: ServiceHealth[] = [];
  const findings: HealthFinding[] = [];
  for (const service of system.services) {
    const queues: QueueHealth[] = [];
    for (const queue of service.queues) {
      const depth = await system.broker.admin.depth(queue);
      queues.push({ name: queue.name, depth });
      findings.push(...queueFindings(service, queue.name, depth));
    }
    const store = await storeHealth(system, service);
    findings.push(...storeFindings(service, store));
    services.push({ service: service.name, queues, ...store });
  }
  const topology = await system.broker.admin.diff(wholeTopology(system));
  findings.push(...topology.map((difference) => topologyFinding(system, difference)));
  return { services, topology, findings };
}

function queueFindings(service: RunningService, queue: string, depth: QueueDepth | null): readonly HealthFinding[] {
  // A queue that is not there is a difference of topology.
  if (depth === null) return [];
  const findings: HealthFinding[] = [];
  const about = { service: service.name } as const;
  if (depth.dead > 0) {
    const problem = `${counted(depth.dead, 'dead letter')} of ${queue}`;
    findings.push({ ...about, severity: 'error', problem, next: `seamwright dlq list --service ${service.name}` });
  }
  if (depth.consumers === 0) {
    const waiting = depth.ready + depth.delayed;
    const problem =
      waiting === 0 ? `nobody consumes ${queue}` : `${counted(waiting, 'message')} in ${queue}, and nobody consumes it`;
    findings.push({ ...about, severity: waiting === 0 ? 'warning' : 'error', problem, next: `start ${service.name}` });
  }
  return findings;
}

function storeFindings(
  { name: service }: RunningService,
  { store, unreachable }: Pick<ServiceHealth, 'store' | 'unreachable'>,
): readonly HealthFinding[] {
  if (unreachable !== undefined) {
    const next = `name its database with --database ${service}=URL, or see that it runs`;
    return [{ severity: 'warning', service, problem: `its database cannot be asked: ${unreachable}`, next }];
  }
  if (store === undefined) return [];
  const findings: HealthFinding[] = [];
  const { pending, oldestAgeMs = 0 } = store.outbox;
  if (pending > 0 && oldestAgeMs > outboxLateMs) {
    const problem = `${counted(pending, 'message')} in the outbox, the oldest for ${Math.round(oldestAgeMs / 1000)} s`;
    const next = `see that ${service} runs and reaches the broker; its log says "could not be published" and why`;
    findings.push({ severity: 'error', service, problem, next });
  }
  for (const { consumer, count, waitsFor } of store.parked) {
    if (count === 0) continue;
    const problem = `${counted(count, 'message')} parked at ${consumer}, the oldest waits for ${waitsFor ?? 'nothing any more'}`;
    const next = waitsFor === undefined ? `see that ${service} runs` : `seamwright doctor ${waitsFor}`;
    findings.push({ severity: 'warning', service, problem, next });
  }
  return findings;
}

function topologyFinding(system: RunningSystem, { name, detail, command, kind }: TopologyDifference): HealthFinding {
  const owner = system.services.find(({ queues }) => queues.some((queue) => name.includes(queue.name)));
  return {
    severity: kind === 'extra' ? 'warning' : 'error',
    service: owner?.name ?? system.model.system,
    problem: detail,
    next: command,
  };
}

/** Everything that the services declare, each thing once. */
export function wholeTopology(system: RunningSystem) {
  const all = system.services.flatMap(({ definition }) => [
    definition.topology,
    ...(hasControlQueue(definition) ? [controlTopology(definition.system, definition.service)] : []),
  ]);
  const exchanges = new Map(all.flatMap((one) => one.exchanges.map((exchange) => [exchange.name, exchange] as const)));
  const queues = new Map(all.flatMap((one) => one.queues.map((queue) => [queue.name, queue] as const)));
  return { exchanges: [...exchanges.values()], queues: [...queues.values()] };
}

async function storeHealth(
  system: RunningSystem,
  service: RunningService,
): Promise<Pick<ServiceHealth, 'store' | 'unreachable'>> {
  const nowMs = system.clock.now();
  try {
    return await service.read(async (tx) => {
      const { count, waitingSince: since } = await tx.outboxBacklog();
      const parked: ParkedHealth[] = [];
      for (const { definition } of service.consumers) {
        const waiting = await tx.countParked(definition.name);
        const [first] = waiting === 0 ? [] : await tx.listParked({ consumer: definition.name, limit: 1 });
        parked.push({ consumer: definition.name, count: waiting, ...(first && oldestOf(first, nowMs)) });
      }
      const age = count === 0 || since === undefined ? {} : { oldestAgeMs: Math.max(0, nowMs - since) };
      return { store: { outbox: { pending: count, ...age }, parked } };
    });
  } catch (error) {
    if (error instanceof SeamwrightError) return { unreachable: error.message };
    throw error;
  }
}

/** Rows of the outbox have no time of their own; the message in them has. */
export function timeOf(headers: Readonly<Record<string, string>>): number | undefined {
  const instant = Date.parse(headers['ce-time'] ?? '');
  return Number.isNaN(instant) ? undefined : instant;
}

function oldestOf({ parkedAt, dependency, ready }: ParkedEntry, nowMs: number): Partial<ParkedHealth> {
  return {
    oldestAgeMs: Math.max(0, nowMs - parkedAt),
    ...(!ready && { waitsFor: `${dependency.entity} ${dependency.id}` }),
  };
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
