import type { Formula } from '../formula.js';
import type { Levels, Literal } from './outcome.js';
import type { Prover } from './prover.js';

/** How many items from an index on have to satisfy a schema, or may. */
export interface Count {
  readonly from: number;
  readonly schema: Formula;
  readonly count: number;
  readonly levels: Levels;
}

/** What is known of an array that has to be built. */
export interface ArrayPlan {
  readonly items: ReadonlyMap<number, readonly Literal[]>;
  /** Satisfied by no item from an index on. */
  readonly never: readonly Count[];
  readonly least: readonly Count[];
  /** At most `count`, which is not zero. */
  readonly most: readonly Count[];
  readonly min: number;
  readonly max: number;
  readonly unique: boolean;
  readonly repeated: boolean;
  /** From this index on all items are alike. */
  readonly tail: number;
  readonly all: Levels;
}

export function planOf(literals: readonly Literal[]): ArrayPlan {
  const items = new Map<number, Literal[]>();
  const [never, least, most]: [Count[], Count[], Count[]] = [[], [], []];
  let [min, max, all, tail] = [0, Number.POSITIVE_INFINITY, 0n, 0];
  let [unique, repeated] = [false, false];
  for (const { atom, levels } of literals) {
    all |= levels;
    if (atom.kind === 'length' && atom.side === 'min') min = Math.max(min, atom.count);
    if (atom.kind === 'length' && atom.side === 'max') max = Math.min(max, atom.count);
    if (atom.kind === 'unique' && atom.holds) unique = true;
    if (atom.kind === 'unique' && !atom.holds) repeated = true;
    if (atom.kind === 'item') {
      items.set(atom.index, [...(items.get(atom.index) ?? []), { atom, levels }]);
      tail = Math.max(tail, atom.index + 1);
    }
    if (atom.kind !== 'count') continue;
    tail = Math.max(tail, atom.from);
    if (atom.side === 'min') least.push({ ...atom, levels });
    else (atom.count === 0 ? never : most).push({ ...atom, levels });
  }
  if (repeated) min = Math.max(min, 2);
  return { items, never, least, most, min, max, unique, repeated, tail, all };
}

/** What every item at an index has to satisfy. */
export function goalAt(plan: ArrayPlan, index: number, prover: Prover): Formula {
  const { formulas } = prover;
  const named = (plan.items.get(index) ?? []).map(({ atom }) => (atom.kind === 'item' ? atom.schema : formulas.true));
  const never = plan.never.filter(({ from }) => from <= index).map(({ schema }) => formulas.not(schema));
  return formulas.and([...named, ...never]);
}
