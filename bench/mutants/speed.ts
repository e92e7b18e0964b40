import process from 'node:process';
import { randomStream } from '../../generator/schema/random.js';
import { violationsOf } from '../../harness/invariants/registry.js';
import type { Plan } from '../../harness/plan.js';
import { type Edge, receivedEdges } from '../../harness/scenarios/edges.js';
import { Story } from '../../harness/scenarios/story.js';
import { trouble } from '../../harness/scenarios/trouble.js';
import { type SimulateOptions, simulate } from '../../harness/simulate.js';
import type { Subject } from '../../harness/subject.js';
import { sqlStores } from '../../harness/world/sql-store.js';

/** How fast schedules of ten messages, with one thing going wrong, are played and judged. */
export interface Speed {
  readonly schedules: number;
  readonly schedulesPerSecond: number;
  readonly processorPerScheduleMs: number;
}

const messages = 10;
/** Played before the clock starts: a process is slow at first. */
const warmUp = 300;

/** On stores in memory, every message of every subject in turns. */
export async function speedOf(subjects: readonly Subject[], schedules: number): Promise<Speed> {
  const pairs = subjects.flatMap((subject) => receivedEdges(subject).map((edge) => ({ subject, edge })));
  await play(pairs, 0, Math.min(warmUp, schedules), {});
  return play(pairs, warmUp, schedules, {});
}

/** On an embedded database, which the process has just opened. */
export async function speedOnSql(subject: Subject, schedules: number): Promise<Speed> {
  const { open, busy } = sqlStores(subject.name);
  const pairs = receivedEdges(subject).map((edge) => ({ subject, edge }));
  await play(pairs, 0, Math.min(2, schedules), { store: open, busy });
  return play(pairs, 2, schedules, { store: open, busy });
}

async function play(
  pairs: readonly { readonly subject: Subject; readonly edge: Edge }[],
  from: number,
  schedules: number,
  options: SimulateOptions,
): Promise<Speed> {
  const begun = performance.now();
  const processor = process.cpuUsage();
  for (let index = from; index < from + schedules; index++) {
    const pair = pairs[index % pairs.length];
    if (pair === undefined) throw new Error('no service takes messages');
    violationsOf(await simulate(pair.subject, planFor(pair.subject, pair.edge, index), options), pair.subject);
  }
  return {
    schedules,
    schedulesPerSecond: round(schedules / Math.max((performance.now() - begun) / 1000, 0.001)),
    processorPerScheduleMs: round(usedMs(processor) / Math.max(schedules, 1)),
  };
}

function planFor(subject: Subject, edge: Edge, index: number): Plan {
  const story = new Story(edge, subject, randomStream(index + 1)).workload(messages);
  trouble(story);
  return {
    ...{ seamwright: 1, system: subject.system, service: subject.name, scenario: 'create', level: 'sim', seed: 1 },
    ...{ jitter: index + 1, ...story.draft(index + 1) },
  };
}

/** Processor time since `before`, in ms: of all threads of the process. */
export function usedMs(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** To two decimals. */
export function round(value: number): number {
  return Math.round(value * 100) / 100;
}
