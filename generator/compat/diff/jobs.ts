import type { Flow, Job, Model } from '../../model/types.js';
import { canonicalJson } from '../../schema/edges.js';
import type { Change } from '../change.js';
import { compareNouns, type NounTable } from './nouns.js';
import { pairs } from './pairs.js';
import { plain, sorted } from './plain.js';

/** Jobs, and flows with what they promise. */
export function* jobChanges(before: Model, after: Model): Iterable<Change> {
  yield* compareNouns(pairs(before.jobs, after.jobs, jobShape), jobTable);
  yield* compareNouns(pairs(flowsOf(before), flowsOf(after)), flowTable);
}

const jobTable: NounTable<Job> = {
  noun: 'job',
  subject: (name) => `job:${name}`,
  features: (job) => [job.feature],
  at: (job) => job.at,
  settings: (job) => ({
    service: job.service,
    schedule: job.schedule,
    timezone: job.timezone,
    max_attempts: job.attemptsMax,
    retry: plain(job.retry),
    idempotency_key: job.idempotencyKey,
    for_each: job.forEach,
    publishes: sorted(job.publishes),
    catch_up: job.catchUp,
  }),
};

function jobShape({ service, schedule, publishes, forEach }: Job): string | undefined {
  return publishes.length === 0 ? undefined : canonicalJson([service, schedule, sorted(publishes), forEach]);
}

/** Flows of one name, or the lines of one drawing. */
type Flows = readonly [Flow, ...Flow[]];

const flowTable: NounTable<Flows> = {
  noun: 'flow',
  subject: (name) => `flow:${name}`,
  features: (flows) => flows.map((flow) => flow.feature),
  at: ([flow]) => flow.at,
  settings: (flows) => ({
    steps: flows.flatMap((flow) =>
      flow.hops.map(({ from, to, label }) => `${from} -> ${to}${label ? ` ${label}` : ''}`),
    ),
    converge_within: flows.map((flow) => flow.convergeWithinMs ?? null),
    expect: flows.flatMap((flow) => flow.expect.map(({ holds }) => holds.text)),
  }),
};

/** By name; the lines of a `data_flow`, which have names of their own making, as one flow of their feature. */
function flowsOf(model: Model): ReadonlyMap<string, Flows> {
  const found = new Map<string, Flows>();
  for (const flow of model.flows) {
    const key = flow.kind === 'flow' ? flow.name : `${flow.feature} data_flow`;
    const known = found.get(key);
    found.set(key, known === undefined ? [flow] : [...known, flow]);
  }
  return found;
}
