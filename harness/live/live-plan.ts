import { type CallStep, type Plan, type PlannedFault, type Step, uuidOf } from '../plan.js';
import { callOutNamed } from '../scenarios/calls-out.js';
import type { Scenario, Target } from '../scenarios/scenario.js';
import { planFor } from '../search.js';
import type { Subject } from '../subject.js';
import type { Counter } from './counter.js';
import type { LeadingRequest, LeadingRequests } from './leading-request.js';
import { references } from './references.js';

export interface LivePlanOptions {
  readonly seed: number;
  readonly counter: Counter;
  /** Requests that plans about calls are played by. */
  readonly led: LeadingRequests;
}

/** The plans of a scenario by these numbers, for each of its targets, side by side: everything on a real system takes its time, so they are played at once. */
export function livePlan(
  subject: Subject,
  scenario: Scenario,
  targets: readonly Target[],
  indices: readonly number[],
  { seed, counter, led }: LivePlanOptions,
): { readonly plan: Plan; readonly schedules: Map<Target, number> } | undefined {
  const told: Step[] = [];
  const steps: Step[] = [];
  const faults: PlannedFault[] = [];
  const schedules = new Map<Target, number>();
  for (const target of targets) {
    for (const index of indices) {
      const found = planned(subject, scenario, target, index, { seed, led });
      if (found === undefined || !found.plan.steps.every(isPlayable)) continue;
      const apart = setApart(subject, found.plan, counter, found.leading);
      told.push(...apart.told);
      steps.push(...apart.steps);
      faults.push(...apart.faults);
      schedules.set(target, (schedules.get(target) ?? 0) + 1);
    }
  }
  if (steps.length === 0) return undefined;
  steps.sort((left, right) => left.at - right.at);
  const facts = { seamwright: 1, system: subject.system, service: subject.name, scenario: scenario.id } as const;
  return { plan: { ...facts, level: 'sim', seed, jitter: 0, steps: [...told, ...steps], faults }, schedules };
}

/** A plan about a call is taken with a request that is known to lead to it, and only when nothing in it waits for something to grow old. */
function planned(
  subject: Subject,
  scenario: Scenario,
  target: Target,
  index: number,
  { seed, led }: Pick<LivePlanOptions, 'seed' | 'led'>,
): { readonly plan: Plan; readonly leading: LeadingRequest | undefined } | undefined {
  const out = callOutNamed(subject, target);
  const leading = out === undefined ? [] : (led.get(out.operation) ?? []);
  const one = leading[index % Math.max(leading.length, 1)];
  const at = out?.drivers.findIndex(({ operation }) => operation === one?.operation) ?? 0;
  const plan = planFor(subject, scenario, target, index * (out?.drivers.length ?? 1) + at, { seed, level: 'sim' });
  const driver = out?.drivers[at];
  if (plan === undefined || out === undefined || driver === undefined) return plan && { plan, leading: undefined };
  const { deadlineMs, timeoutMs, retry } = out.policy;
  const attempts = retry?.attemptsMax ?? 1;
  const budgetMs = deadlineMs ?? attempts * timeoutMs + (attempts - 1) * (retry?.maxMs ?? 0);
  const ages = plan.steps.some(({ at }, step) => at - (plan.steps[step - 1]?.at ?? at) > budgetMs + timeoutMs);
  if (ages) return undefined;
  const { operation, caller } = driver;
  const steps = plan.steps.map((step) => (step.do === 'call' ? { ...step, operation, caller } : step));
  return { plan: { ...plan, steps }, leading: one };
}

/** What happens over the broker and HTTP alone. */
function isPlayable(step: Step): boolean {
  return step.do === 'change' || step.do === 'publish' || step.do === 'send' || step.do === 'call';
}

/** The same plan about things that no other plan of this run is about. */
function setApart(
  subject: Subject,
  plan: Plan,
  counter: Counter,
  leading: LeadingRequest | undefined,
): Pick<Plan, 'steps' | 'faults'> & { readonly told: readonly Step[] } {
  counter.plans += 1;
  const offset = counter.steps;
  counter.steps += plan.steps.length;
  const prefix = `p${counter.plans}.`;
  const idOf = (id: string): string => `m${Number(id.slice(1)) + offset}`;
  const values = counter.plans * 16;
  const fresh = new Map<number, number>();
  const seedFor = (value: number): number => {
    const known = fresh.get(value) ?? leading?.freshValue() ?? value + values;
    fresh.set(value, known);
    return known;
  };
  const told = new Map<string, Step>();
  const tell = (step: CallStep): CallStep => {
    const names = { key: `${prefix}r${step.value}`, sparse: leading === undefined };
    const refers = references(subject, step, names);
    for (const change of refers.told) {
      const key = `${change.entity} ${change.key}`;
      if (!told.has(key)) told.set(key, { ...change, id: `m${++counter.steps}` });
    }
    return { ...step, set: { ...refers.set, ...step.set } };
  };
  const steps = plan.steps.map((step): Step => {
    const base = { id: idOf(step.id) };
    if (step.do === 'call')
      return tell({ ...step, ...base, ...callApart(step, prefix, idOf), value: seedFor(step.value) });
    if (step.do === 'change') return { ...step, ...base, key: prefix + step.key, value: step.value + values };
    if (step.do !== 'publish') return { ...step, ...base };
    const refers = Object.fromEntries(Object.entries(step.refers ?? {}).map(([entity, key]) => [entity, prefix + key]));
    return { ...step, ...base, value: step.value + values, refers };
  });
  const faults = plan.faults
    .filter((fault) => isWithinReach(fault, plan.service))
    .flatMap((fault) => (isOfCall(fault) ? ofSteps(fault, plan) : [fault]))
    .map((fault) => ({ ...fault, ...(fault.step !== undefined && { step: idOf(fault.step) }) }));
  return { told: [...told.values()], steps, faults };
}

function callApart(
  { idempotencyKey, take }: CallStep,
  prefix: string,
  idOf: (id: string) => string,
): Partial<CallStep> {
  return {
    ...(idempotencyKey !== undefined && { idempotencyKey: uuidOf(prefix + idempotencyKey) }),
    ...(take !== undefined && {
      take: Object.fromEntries(Object.entries(take).map(([path, from]) => [path, { ...from, of: idOf(from.of) }])),
    }),
  };
}

/** Trouble that begins at an instant and ends at another is trouble of the requests made meanwhile: other plans are played at the same time. */
function ofSteps(fault: PlannedFault, { steps }: Plan): readonly PlannedFault[] {
  const { atMs = 0, forMs = Number.POSITIVE_INFINITY, ...rest } = fault;
  if (fault.step !== undefined) return [fault];
  return steps
    .filter(({ at }) => at >= Number(atMs) && at < Number(atMs) + Number(forMs))
    .map(({ id }) => ({ ...rest, step: id }) as PlannedFault);
}

/** Faults of messages, which pass through here on their way; and those of the process under test and its line. */
const ofMessages: ReadonlySet<string> = new Set(['delay', 'duplicate', 'poison', 'unknown-type', 'unknown-field']);

function isWithinReach(planned: PlannedFault, subject: string): boolean {
  const { fault, service } = planned;
  if (isOnTheWay(planned)) return true;
  return (fault === 'crash' || fault === 'cut') && (service === subject || service === 'all');
}

function isOfCall({ fault }: PlannedFault): boolean {
  return fault.startsWith('http-');
}

/** Whether a fault strikes a message or a request on its way rather than who sends or takes it. */
export function isOnTheWay(planned: PlannedFault): boolean {
  return ofMessages.has(planned.fault) || isOfCall(planned);
}
