import { faultNamed } from './faults/registry.js';
import type { Plan, PlannedFault, Step } from './plan.js';

/** Plays a smaller plan; undefined when it no longer breaks the same promise. */
export type StillFails<Result> = (plan: Plan) => Promise<Result | undefined>;

/**
 * Makes a failing plan as small as it gets: fewer faults, fewer steps, weaker faults, even times, plain names. A step that goes takes the faults with it that
 * speak of it, so that what is left always means something. `result` is that of the plan returned; undefined when nothing smaller fails.
 */
export async function shrink<Result>(
  plan: Plan,
  triesMax: number,
  stillFails: StillFails<Result>,
): Promise<{ readonly plan: Plan; readonly result: Result | undefined; readonly tries: number }> {
  let best = plan;
  let result: Result | undefined;
  let tries = 0;
  const tried = new Set<string>([JSON.stringify(plan)]);

  async function accepted(candidate: Plan): Promise<boolean> {
    const text = JSON.stringify(candidate);
    if (tries >= triesMax || tried.has(text)) return false;
    tried.add(text);
    tries += 1;
    const outcome = await stillFails(candidate);
    if (outcome === undefined) return false;
    best = candidate;
    result = outcome;
    return true;
  }

  for (let before: Plan | undefined; before !== best && tries < triesMax; ) {
    before = best;
    await without(
      () => best.faults.length,
      (from, count) => dropFaults(best, from, count),
      accepted,
    );
    await without(
      () => best.steps.length,
      (from, count) => dropSteps(best, from, count),
      accepted,
    );
    for (let index = 0; index < best.faults.length; index++) {
      for (const weaker of weakerPlans(best, index)) if (await accepted(weaker)) break;
    }
    for (const plainer of plainerPlans(best)) await accepted(plainer);
  }
  return { plan: best, result, tries };
}

/** Leaves out halves, then quarters, then single ones, as long as it still fails (ddmin). */
async function without(
  length: () => number,
  drop: (from: number, count: number) => Plan,
  accepted: (plan: Plan) => Promise<boolean>,
): Promise<void> {
  for (let size = Math.ceil(length() / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < length(); ) {
      if (!(await accepted(drop(from, size)))) from += size;
    }
  }
}

function dropFaults(plan: Plan, from: number, count: number): Plan {
  return { ...plan, faults: plan.faults.filter((_, index) => index < from || index >= from + count) };
}

function dropSteps(plan: Plan, from: number, count: number): Plan {
  const steps = plan.steps.filter((_, index) => index < from || index >= from + count);
  const left = new Set(steps.map(({ id }) => id));
  return { ...plan, steps, faults: plan.faults.filter((fault) => speaksOf(fault).every((id) => left.has(id))) };
}

/** Ids of the steps that a fault speaks of. */
function speaksOf(fault: PlannedFault): readonly string[] {
  return Object.values(fault)
    .flat()
    .filter((value): value is string => typeof value === 'string' && /^m\d+$/.test(value));
}

function* weakerPlans(plan: Plan, index: number): Iterable<Plan> {
  const fault = plan.faults[index];
  if (fault === undefined) return;
  for (const weaker of faultNamed(fault.fault)?.simpler?.(fault) ?? [])
    yield { ...plan, faults: plan.faults.map((one, at) => (at === index ? weaker : one)) };
}

/** The same happening in a plainer way: no jitter, one value, steps evenly apart. */
function* plainerPlans(plan: Plan): Iterable<Plan> {
  if (plan.jitter !== 0) yield { ...plan, jitter: 0 };
  const even = plan.steps.map((step, index): Step => ({ ...step, at: index * 10 }));
  yield { ...plan, steps: even };
  for (const [index, step] of plan.steps.entries()) {
    if ('value' in step && step.value > 1)
      yield { ...plan, steps: plan.steps.map((one, at) => (at === index ? { ...step, value: 1 } : one)) };
  }
  const first = renamedKeys(plan);
  if (first !== undefined) yield first;
}

/** Keys of entities as `e1`, `e2`, … in the order in which they come; undefined when they are so already. */
function renamedKeys(plan: Plan): Plan | undefined {
  const text = JSON.stringify(plan.steps);
  const keys = [...new Set(plan.steps.flatMap((step) => ('key' in step && /^e\d+$/.test(step.key) ? [step.key] : [])))];
  const renamed = keys.reduce((into, key, index) => into.replaceAll(`"${key}`, `"\u0000e${index + 1}`), text);
  const plain = renamed.replaceAll('\u0000', '');
  return plain === text ? undefined : { ...plan, steps: JSON.parse(plain) as readonly Step[] };
}
