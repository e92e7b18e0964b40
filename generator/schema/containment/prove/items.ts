import type { Formula } from '../formula.js';
import { type ArrayPlan, goalAt } from './array-plan.js';
import { candidateOf, type Decision, unknown } from './outcome.js';
import type { Prover } from './prover.js';

/** Longer arrays are not written out. */
const LENGTH_MAX = 2_000;
const REPEATED_MAX = 200_000;
/** Of more counts than this not every combination is tried. */
const SETS_MAX = 5;

/** How far the counts are when some items stand. */
interface State {
  readonly goals: readonly Formula[];
  /** By `plan.least`: how many are still missing. */
  readonly missing: readonly number[];
  /** By `plan.most`: how many more there may be. */
  readonly left: readonly number[];
}

/**
 * Places items one after the other until all counts are right. For each item it is chosen which of the wanted schemas it satisfies, and which of the
 * limited ones it certainly does not. An array longer than its minimum and the items that are counted would have items that nobody needs.
 */
export function placeItems(plan: ArrayPlan, prover: Prover, extra: ReadonlyMap<number, Formula>): Decision {
  const wanted = plan.least.reduce((sum, { count }) => sum + count, 0);
  const bound = Math.min(plan.max, Math.max(plan.min, plan.tail) + wanted);
  if (plan.least.length + plan.most.length + extra.size === 0 && !plan.unique) return alike(plan, prover);
  if (plan.min > LENGTH_MAX) return unknown(`an array of ${plan.min} items is too long to write out`);
  const doubts: string[] = plan.least.length > SETS_MAX || plan.most.length > SETS_MAX ? ['many counts at once'] : [];
  const failed = new Set<string>();
  const place = (state: State): State | undefined => {
    prover.step();
    const index = state.goals.length;
    const isDone = state.missing.every((count) => count <= 0);
    if (isDone && index >= plan.min) return state;
    if (index >= bound) return undefined;
    const key = `${index},${state.missing.join()},${state.left.join()}`;
    if (failed.has(key)) return undefined;
    const base = prover.formulas.and([goalAt(plan, index, prover), extra.get(index) ?? prover.formulas.true]);
    for (const choice of choices(plan, state, index, base, prover)) {
      const outcome = prover.solve(choice.goal);
      if (outcome.kind === 'none') continue;
      if (outcome.kind === 'unknown') doubts.push(outcome.why);
      const { missing, left, goal } = choice;
      const placed = place({ goals: [...state.goals, goal], missing, left });
      if (placed) return placed;
    }
    failed.add(key);
    return undefined;
  };
  const placed = place({
    goals: [],
    missing: plan.least.map(({ count }) => count),
    left: plan.most.map(({ count }) => count),
  });
  if (placed) return written(plan, placed.goals, prover);
  return doubts[0] === undefined && extra.size === 0
    ? { kind: 'none', levels: plan.all }
    : unknown(doubts[0] ?? 'no array was found');
}

/** The shortest array of items that nobody counts. */
function alike(plan: ArrayPlan, prover: Prover): Decision {
  const values: unknown[] = [];
  for (let index = 0; index < Math.min(plan.min, plan.tail + 1); index++) {
    const outcome = prover.solve(goalAt(plan, index, prover));
    if (outcome.kind === 'none') return { kind: 'none', levels: plan.all };
    const candidate = candidateOf(outcome);
    if (!candidate) return unknown('an item has no value that could be found');
    values.push(candidate.value);
  }
  if (plan.min > REPEATED_MAX) return unknown(`an array of ${plan.min} items is too long to write out`);
  const last = values.at(-1);
  while (values.length < plan.min) values.push(last);
  return { kind: 'some', value: values };
}

interface Choice {
  readonly goal: Formula;
  readonly missing: readonly number[];
  readonly left: readonly number[];
}

/** What the item at an index may be good for; those that help most come first. */
function* choices(plan: ArrayPlan, state: State, index: number, base: Formula, prover: Prover): Generator<Choice> {
  const { formulas } = prover;
  const useful = [...plan.least.keys()].filter(
    (at) => (state.missing[at] ?? 0) > 0 && (plan.least[at]?.from ?? 0) <= index,
  );
  const limited = [...plan.most.keys()].filter((at) => (plan.most[at]?.from ?? 0) <= index);
  for (const helps of subsets(useful).reverse())
    for (const spends of subsets(limited)) {
      if (spends.some((at) => (state.left[at] ?? 0) <= 0)) continue;
      const goal = formulas.and([
        base,
        ...helps.map((at) => plan.least[at]?.schema ?? formulas.true),
        ...limited
          .filter((at) => !spends.includes(at))
          .map((at) => formulas.not(plan.most[at]?.schema ?? formulas.false)),
      ]);
      if (goal.kind === 'false') continue;
      yield {
        goal,
        missing: state.missing.map((count, at) => (helps.includes(at) ? count - 1 : count)),
        left: state.left.map((count, at) => (spends.includes(at) ? count - 1 : count)),
      };
    }
}

/** From the empty one to all; more than a few are taken together or not at all. */
function subsets(items: readonly number[]): number[][] {
  if (items.length > SETS_MAX) return [[], ...items.map((item) => [item]), [...items]];
  let sets: number[][] = [[]];
  for (const item of items) sets = [...sets, ...sets.map((set) => [...set, item])];
  return sets.sort((a, b) => a.length - b.length);
}

/** Values for the items; different ones where that is asked for. */
function written(plan: ArrayPlan, goals: readonly Formula[], prover: Prover): Decision {
  const { formulas } = prover;
  const values: unknown[] = [];
  let sure = true;
  for (const goal of goals) {
    const distinct = plan.unique ? formulas.and([goal, formulas.values(values, false)]) : goal;
    const outcome = prover.solve(distinct);
    const candidate = candidateOf(outcome) ?? candidateOf(prover.solve(goal));
    if (outcome.kind !== 'some') sure = false;
    values.push(candidate ? candidate.value : null);
  }
  return sure
    ? { kind: 'some', value: values }
    : unknown('no array was found whose items are all different', { value: values });
}
