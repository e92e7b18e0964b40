import type { Plan, PlannedFault, Step } from '../plan.js';
import type { Scenario, Target } from '../scenarios/scenario.js';
import { planFor } from '../search.js';
import type { Subject } from '../subject.js';

/** Where a run stands: what it has used up, so that nothing of one scenario is taken for something of another. */
export interface Counter {
  steps: number;
  plans: number;
}

/** The plans of a scenario by these numbers, for each of its targets, side by side: everything on a real system takes its time, so they are played at once. */
export function livePlan(
  subject: Subject,
  scenario: Scenario,
  targets: readonly Target[],
  indices: readonly number[],
  { seed, counter }: { readonly seed: number; readonly counter: Counter },
): { readonly plan: Plan; readonly schedules: ReadonlyMap<Target, number> } | undefined {
  const steps: Step[] = [];
  const faults: PlannedFault[] = [];
  const schedules = new Map<Target, number>();
  for (const target of targets) {
    for (const index of indices) {
      const plan = planFor(subject, scenario, target, index, { seed, level: 'sim' });
      if (plan === undefined || !plan.steps.every(isPlayable)) continue;
      const apart = setApart(plan, counter);
      steps.push(...apart.steps);
      faults.push(...apart.faults);
      schedules.set(target, (schedules.get(target) ?? 0) + 1);
    }
  }
  if (steps.length === 0) return undefined;
  steps.sort((left, right) => left.at - right.at);
  const facts = { seamwright: 1, system: subject.system, service: subject.name, scenario: scenario.id } as const;
  return { plan: { ...facts, level: 'sim', seed, jitter: 0, steps, faults }, schedules };
}

/** What happens over the broker alone. */
function isPlayable(step: Step): boolean {
  return step.do === 'change' || step.do === 'publish' || step.do === 'send';
}

/** The same plan about things that no other plan of this run is about. */
function setApart(plan: Plan, counter: Counter): Pick<Plan, 'steps' | 'faults'> {
  counter.plans += 1;
  const offset = counter.steps;
  counter.steps += plan.steps.length;
  const prefix = `p${counter.plans}.`;
  const idOf = (id: string): string => `m${Number(id.slice(1)) + offset}`;
  const values = counter.plans * 16;
  const steps = plan.steps.map((step): Step => {
    const base = { id: idOf(step.id) };
    if (step.do === 'change') return { ...step, ...base, key: prefix + step.key, value: step.value + values };
    if (step.do !== 'publish') return { ...step, ...base };
    const refers = Object.fromEntries(Object.entries(step.refers ?? {}).map(([entity, key]) => [entity, prefix + key]));
    return { ...step, ...base, value: step.value + values, refers };
  });
  const faults = plan.faults
    .filter((fault) => isWithinReach(fault, plan.service))
    .map((fault) => ({ ...fault, ...(fault.step !== undefined && { step: idOf(fault.step) }) }));
  return { steps, faults };
}

/** Faults of messages, which pass through here on their way; and those of the process under test and its line. */
const ofMessages: ReadonlySet<string> = new Set(['delay', 'duplicate', 'poison', 'unknown-type', 'unknown-field']);

function isWithinReach({ fault, service }: PlannedFault, subject: string): boolean {
  if (ofMessages.has(fault)) return true;
  return (fault === 'crash' || fault === 'cut') && (service === subject || service === 'all');
}

/** Whether a fault strikes a message rather than who sends or takes it. */
export function isOfMessage({ fault }: PlannedFault): boolean {
  return ofMessages.has(fault);
}
