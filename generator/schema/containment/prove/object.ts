import { evaluate } from '../evaluate.js';
import type { Formula } from '../formula.js';
import { objectOf } from '../json.js';
import { freshProperty } from './fresh-property.js';
import { candidateOf, type Decision, type Levels, type Literal, type Outcome, unknown } from './outcome.js';
import type { Prover } from './prover.js';

/** What is known of an object that has to be built. */
interface Plan {
  readonly required: ReadonlyMap<string, Levels>;
  readonly absent: ReadonlyMap<string, Levels>;
  readonly named: ReadonlyMap<string, readonly Literal[]>;
  readonly eachs: readonly (Literal & { readonly atom: Formula & { kind: 'each' } })[];
  readonly somes: readonly (Literal & { readonly atom: Formula & { kind: 'some' } })[];
  readonly min: number;
  readonly max: number;
  readonly all: Levels;
}

/** An object that satisfies all literals. */
export function decideObject(literals: readonly Literal[], prover: Prover): Decision {
  const plan = planOf(literals);
  if (plan.required.size > plan.max || plan.min > plan.max) return { kind: 'none', levels: plan.all };
  const refused = refusedProperty(plan, prover);
  return refused !== undefined ? { kind: 'none', levels: refused } : build(plan, prover);
}

/** The decisions that make some required property impossible. */
export function refusedObject(literals: readonly Literal[], prover: Prover): Levels | undefined {
  return refusedProperty(planOf(literals), prover);
}

function refusedProperty(plan: Plan, prover: Prover): Levels | undefined {
  for (const [name, levels] of plan.required) {
    const goal = goalOf(plan, name, prover);
    if (prover.solve(goal.formula).kind === 'none') return levels | goal.levels;
  }
  return undefined;
}

function planOf(literals: readonly Literal[]): Plan {
  const required = new Map<string, Levels>();
  const absent = new Map<string, Levels>();
  const named = new Map<string, Literal[]>();
  const eachs: (Literal & { atom: Formula & { kind: 'each' } })[] = [];
  const somes: (Literal & { atom: Formula & { kind: 'some' } })[] = [];
  let [min, max, all] = [0, Number.POSITIVE_INFINITY, 0n];
  for (const { atom, levels } of literals) {
    all |= levels;
    if (atom.kind === 'present') (atom.holds ? required : absent).set(atom.name, levels);
    if (atom.kind === 'property') named.set(atom.name, [...(named.get(atom.name) ?? []), { atom, levels }]);
    if (atom.kind === 'each') eachs.push({ atom, levels });
    if (atom.kind === 'some') somes.push({ atom, levels });
    if (atom.kind !== 'length') continue;
    if (atom.side === 'min') min = Math.max(min, atom.count);
    else max = Math.min(max, atom.count);
  }
  return { required, absent, named, eachs, somes, min, max, all };
}

/** What the value of a property has to satisfy, if it is there. */
function goalOf(plan: Plan, name: string, prover: Prover): { readonly formula: Formula; readonly levels: Levels } {
  const parts: Formula[] = [];
  let levels = 0n;
  for (const literal of plan.named.get(name) ?? []) {
    if (literal.atom.kind === 'property') parts.push(literal.atom.schema);
    levels |= literal.levels;
  }
  for (const each of plan.eachs) {
    if (evaluate(each.atom.names, name) !== true) continue;
    parts.push(each.atom.schema);
    levels |= each.levels;
  }
  return { formula: prover.formulas.and(parts), levels };
}

/** Properties chosen so far: what the value of each has to satisfy. */
type Chosen = ReadonlyMap<string, Formula>;

function build(plan: Plan, prover: Prover): Decision {
  const start: Map<string, Formula> = new Map();
  for (const name of plan.required.keys()) start.set(name, goalOf(plan, name, prover).formula);
  const doubts: string[] = [];
  const failed = (): Decision => (doubts[0] === undefined ? { kind: 'none', levels: plan.all } : unknown(doubts[0]));
  // Each by itself first: one that is impossible alone is a proof, some that are impossible together may only have been tried badly.
  if (plan.somes.length > 1)
    for (const some of plan.somes) if (!satisfy({ ...plan, somes: [some] }, prover, start, 0, doubts)) return failed();
  const chosen = satisfy(plan, prover, start, 0, doubts);
  if (!chosen && plan.somes.length > 1) doubts.push('no properties were found that are everything at once');
  if (!chosen) return failed();
  const filled = fill(plan, prover, chosen, doubts);
  if (!filled) return failed();
  let sure = true;
  const members: [string, unknown][] = [];
  for (const [name, formula] of filled) {
    const outcome = prover.solve(formula);
    const candidate = candidateOf(outcome);
    if (outcome.kind !== 'some') sure = false;
    if (candidate) members.push([name, candidate.value]);
  }
  const value = objectOf(members);
  return sure ? { kind: 'some', value } : unknown('a property has no value that could be found', { value });
}

/** Finds a property for each `some`, one after the other; undefined when there is no way, or none was found (`doubts`). */
function satisfy(plan: Plan, prover: Prover, chosen: Chosen, index: number, doubts: string[]): Chosen | undefined {
  const some = plan.somes[index];
  if (!some) return chosen;
  prover.step();
  const names = new Set([...chosen.keys(), ...plan.named.keys()]);
  for (const name of names) {
    const isNamed = plan.absent.has(name) ? false : evaluate(some.atom.names, name);
    if (isNamed === undefined) doubts.push('whether a name is meant hangs on something that is not understood');
    if (isNamed !== true || (!chosen.has(name) && chosen.size >= plan.max)) continue;
    const goal = prover.formulas.and([chosen.get(name) ?? goalOf(plan, name, prover).formula, some.atom.schema]);
    const next = tryWith(plan, prover, new Map(chosen).set(name, goal), goal, index, doubts);
    if (next) return next;
  }
  if (chosen.size >= plan.max) return undefined;
  const taken = new Set([...names, ...plan.absent.keys()]);
  const fresh = freshProperty(
    prover,
    plan.eachs.map(({ atom }) => atom),
    some.atom.names,
    some.atom.schema,
    taken,
  );
  if (fresh.kind === 'unknown') doubts.push(fresh.why);
  if (fresh.kind !== 'found') return undefined;
  return tryWith(plan, prover, new Map(chosen).set(fresh.name, fresh.goal), fresh.goal, index, doubts);
}

function tryWith(
  plan: Plan,
  prover: Prover,
  chosen: Chosen,
  goal: Formula,
  index: number,
  doubts: string[],
): Chosen | undefined {
  const outcome: Outcome = prover.solve(goal);
  if (outcome.kind === 'none') return undefined;
  if (outcome.kind === 'unknown') {
    doubts.push(outcome.why);
    if (!outcome.candidate) return undefined;
  }
  return satisfy(plan, prover, chosen, index + 1, doubts);
}

/** Adds properties until there are enough. */
function fill(plan: Plan, prover: Prover, chosen: Chosen, doubts: string[]): Chosen | undefined {
  const filled = new Map(chosen);
  for (const name of plan.named.keys()) {
    if (filled.size >= plan.min) return filled;
    if (filled.has(name) || plan.absent.has(name)) continue;
    const { formula } = goalOf(plan, name, prover);
    const outcome = prover.solve(formula);
    if (outcome.kind === 'unknown') doubts.push(outcome.why);
    if (outcome.kind === 'some') filled.set(name, formula);
  }
  while (filled.size < plan.min) {
    prover.step();
    const taken = new Set([...filled.keys(), ...plan.absent.keys(), ...plan.named.keys()]);
    const { formulas } = prover;
    const fresh = freshProperty(
      prover,
      plan.eachs.map(({ atom }) => atom),
      formulas.true,
      formulas.true,
      taken,
    );
    if (fresh.kind === 'unknown') doubts.push(fresh.why);
    // Other choices for the properties chosen before might have left more names over.
    if (fresh.kind !== 'found' && plan.somes.length > 1) doubts.push('no object was found that has enough properties');
    if (fresh.kind !== 'found') return undefined;
    filled.set(fresh.name, fresh.goal);
  }
  return filled;
}
