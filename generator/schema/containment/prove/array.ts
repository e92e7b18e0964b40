import type { Formula } from '../formula.js';
import { type ArrayPlan, type Count, goalAt, planOf } from './array-plan.js';
import { placeItems } from './items.js';
import { candidateOf, type Decision, type Literal, unknown } from './outcome.js';
import type { Prover } from './prover.js';

/** An array that satisfies all literals. */
export function decideArray(literals: readonly Literal[], prover: Prover): Decision {
  const plan = bounded(planOf(literals), prover);
  const none: Decision = { kind: 'none', levels: plan.all };
  if (plan.min > plan.max || (plan.unique && plan.repeated)) return none;
  if (plan.least.some((least) => isImpossible(plan, least, prover))) return none;
  if (plan.unique && !hasDistinct(plan, prover)) return none;
  return plan.repeated ? withRepetition(plan, prover) : placeItems(plan, prover, new Map());
}

/** An index where nothing can stand bounds the length. */
function bounded(plan: ArrayPlan, prover: Prover): ArrayPlan {
  let { max } = plan;
  for (let index = 0; index <= plan.tail && index < max; index++)
    if (prover.solve(goalAt(plan, index, prover)).kind === 'none') max = index;
  return { ...plan, max };
}

/** Whether there are obviously not enough items for a count. */
function isImpossible(plan: ArrayPlan, { from, schema, count }: Count, prover: Prover): boolean {
  let room = 0;
  for (let index = from; index <= Math.max(plan.tail, from) && index < plan.max; index++) {
    const goal = prover.formulas.and([goalAt(plan, index, prover), schema]);
    if (prover.solve(goal).kind === 'none') continue;
    room += index >= plan.tail ? plan.max - index : 1;
  }
  if (room < count) return true;
  // Those that may be a few only, when all that are asked for are such.
  return plan.most.some(
    (most) =>
      most.from <= from &&
      most.count < count &&
      prover.solve(prover.formulas.and([schema, prover.formulas.not(most.schema)])).kind === 'none',
  );
}

/** Whether there are enough different values, for the shortest array and for each count. */
function hasDistinct(plan: ArrayPlan, prover: Prover): boolean {
  const { formulas } = prover;
  const union = (from: number, to: number): Formula => {
    const goals: Formula[] = [];
    for (let index = from; index < to && index <= Math.max(plan.tail, from); index++)
      goals.push(goalAt(plan, index, prover));
    return formulas.or(goals);
  };
  return (
    (plan.min < 2 || isDistinctTimes(plan.min, union(0, plan.min), prover)) &&
    plan.least.every(
      ({ from, schema, count }) =>
        count < 2 || isDistinctTimes(count, formulas.and([schema, union(from, plan.max)]), prover),
    )
  );
}

/** Beyond so many different values nobody counts on. */
const DISTINCT_MAX = 50;

function isDistinctTimes(times: number, formula: Formula, prover: Prover): boolean {
  const found: unknown[] = [];
  while (found.length < Math.min(times, DISTINCT_MAX)) {
    prover.step();
    const outcome = prover.solve(prover.formulas.and([formula, prover.formulas.values(found, false)]));
    if (outcome.kind === 'none') return false;
    const candidate = candidateOf(outcome);
    if (!candidate) return true;
    found.push(candidate.value);
  }
  return true;
}

/** Two equal items, somewhere; where all items are alike any two will do. */
function withRepetition(plan: ArrayPlan, prover: Prover): Decision {
  let doubt: Decision | undefined;
  const last = Math.min(plan.tail + 1, plan.max - 1);
  for (let second = 1; second <= last; second++)
    for (let first = 0; first < second; first++) {
      prover.step();
      const goal = prover.formulas.and([goalAt(plan, first, prover), goalAt(plan, second, prover)]);
      const outcome = prover.solve(goal);
      if (outcome.kind === 'none') continue;
      const candidate = candidateOf(outcome);
      doubt ??= unknown('no array with equal items was found');
      if (!candidate) continue;
      const same = prover.formulas.values([candidate.value]);
      const placed = placeItems(
        { ...plan, min: Math.max(plan.min, second + 1) },
        prover,
        new Map([
          [first, same],
          [second, same],
        ]),
      );
      if (placed.kind === 'some') return placed;
    }
  return doubt ?? { kind: 'none', levels: plan.all };
}
