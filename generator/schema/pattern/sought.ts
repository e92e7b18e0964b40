import type { Expression } from './expression.js';
import { plainLength } from './plain-length.js';

/** A question about texts: matched by all of `inside`, by none of `notIn`, length in code points within bounds. */
export interface Sought {
  readonly inside: readonly Expression[];
  readonly notIn: readonly Expression[];
  readonly min: number;
  readonly max: number;
}

/** Each count in `notIn` makes three questions of one. */
const SPLITS_MAX = 3;

/** The same question as several whose answers together answer it, with counts turned into bounds of length. */
export function splitByLength(sought: Sought): readonly Sought[] {
  let [min, max] = [sought.min, sought.max];
  const inside = sought.inside.map((expression) => {
    const plain = plainLength(expression);
    min = Math.max(min, plain?.min ?? 0);
    max = Math.min(max, plain?.max ?? Infinity);
    return plain?.anyLength ?? expression;
  });
  let cases: readonly Sought[] = [{ inside, notIn: [], min, max }];
  let splits = 0;
  for (const expression of sought.notIn) {
    const plain = plainLength(expression);
    if (!plain || ++splits > SPLITS_MAX) {
      cases = cases.map((each) => ({ ...each, notIn: [...each.notIn, expression] }));
      continue;
    }
    cases = cases.flatMap((each) => [
      { ...each, notIn: [...each.notIn, plain.anyLength] },
      { ...each, max: Math.min(each.max, plain.min - 1) },
      { ...each, min: Math.max(each.min, plain.max + 1) },
    ]);
  }
  return cases.filter((each) => each.min <= each.max && each.min < Infinity);
}
