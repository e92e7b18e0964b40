import {
  commonMultiple,
  divides,
  type Fraction,
  fractionOf,
  isMultiple,
  numberOf,
  stepsTo,
  times,
} from '../fraction.js';
import { keyOf } from '../json.js';
import { type Decision, type Levels, type Literal, unknown } from './outcome.js';

/** So many multiples of a step are tried one by one. */
const STEPS_MAX = 5_000n;

interface End {
  readonly limit: number;
  readonly exclusive: boolean;
  readonly levels: Levels;
}

/** A number that satisfies all literals. */
export function decideNumber(literals: readonly Literal[], step: () => void): Decision {
  let low: End = { limit: Number.NEGATIVE_INFINITY, exclusive: true, levels: 0n };
  let high: End = { limit: Number.POSITIVE_INFINITY, exclusive: true, levels: 0n };
  let raster: Fraction | undefined;
  let all = 0n;
  const not: number[] = [];
  const excluded = new Set<string>();
  for (const { atom, levels } of literals) {
    all |= levels;
    if (atom.kind === 'bound' && atom.side === 'min') low = tighter(low, { ...atom, levels }, 1);
    if (atom.kind === 'bound' && atom.side === 'max') high = tighter(high, { ...atom, levels }, -1);
    if (atom.kind === 'values' && !atom.holds) for (const key of atom.values.keys()) excluded.add(key);
    if (atom.kind !== 'multiple') continue;
    const fraction = fractionOf(atom.of);
    if (!atom.holds) not.push(atom.of);
    else raster = raster ? commonMultiple(raster, fraction) : fraction;
  }
  if (low.limit > high.limit || (low.limit === high.limit && (low.exclusive || high.exclusive)))
    return { kind: 'none', levels: low.levels | high.levels };
  const fits = (value: number): boolean =>
    Number.isFinite(value) &&
    (value > low.limit || (value === low.limit && !low.exclusive)) &&
    (value < high.limit || (value === high.limit && !high.exclusive)) &&
    !excluded.has(keyOf(value)) &&
    not.every((of) => !isMultiple(value, of));
  if (raster === undefined) return between(low, high, not, fits, all, step);
  const coarse = raster;
  // Every multiple of the raster is a multiple of what must not divide it.
  if (not.some((of) => divides(fractionOf(of), coarse))) return { kind: 'none', levels: all };
  return onRaster(coarse, low, high, fits, all, step);
}

function tighter(known: End, next: End, direction: 1 | -1): End {
  if (next.limit === known.limit) return next.exclusive && !known.exclusive ? next : known;
  return (next.limit - known.limit) * direction > 0 ? next : known;
}

function onRaster(
  raster: Fraction,
  low: End,
  high: End,
  fits: (value: number) => boolean,
  levels: Levels,
  step: () => void,
): Decision {
  const first = Number.isFinite(low.limit) ? stepsTo(raster, low.limit, true) : undefined;
  const last = Number.isFinite(high.limit) ? stepsTo(raster, high.limit, false) : undefined;
  if (first !== undefined && last !== undefined && first > last) return { kind: 'none', levels };
  const [start, direction] = first !== undefined ? [first, 1n] : last !== undefined ? [last, -1n] : [0n, 1n];
  // Zero is a multiple of everything; the values next to it tell more.
  const near = [0n, 1n, -1n, 2n, -2n, 3n, 5n, 7n].map((count) => times(raster, count));
  const found = near.find(fits);
  if (found !== undefined) return { kind: 'some', value: found };
  const size = first !== undefined && last !== undefined ? last - first + 1n : undefined;
  const tries = size === undefined || size > STEPS_MAX ? STEPS_MAX : size;
  for (let count = 0n; count < tries; count++) {
    step();
    const value = times(raster, start + count * direction);
    if (fits(value)) return { kind: 'some', value };
  }
  return size === tries ? { kind: 'none', levels } : unknown('no number was found among the multiples');
}

function between(
  low: End,
  high: End,
  not: readonly number[],
  fits: (value: number) => boolean,
  levels: Levels,
  step: () => void,
): Decision {
  if (low.limit === high.limit) return fits(low.limit) ? { kind: 'some', value: low.limit } : { kind: 'none', levels };
  const ends = [low.limit, high.limit].filter(Number.isFinite);
  const base = [0, ...ends, ...not];
  const middle = ends.length === 2 ? [(low.limit + high.limit) / 2] : [];
  const offsets = [0, 1, -1, 0.5, -0.5, 0.1, -0.1, 2, 3, 7, 1.5, 0.25, 1e-3, -1e-3, 1e-7, 1e9];
  const whole = base.flatMap((each) => [Math.ceil(each), Math.floor(each), Math.floor(each) + 1, Math.ceil(each) - 1]);
  for (const value of [...whole, ...base.flatMap((each) => offsets.map((offset) => each + offset)), ...middle]) {
    step();
    if (fits(value)) return { kind: 'some', value };
  }
  if (ends.length === 2)
    for (let part = 1; part < 200; part++) {
      const value = low.limit + ((high.limit - low.limit) * part) / 200;
      if (fits(value)) return { kind: 'some', value };
    }
  for (let value = 2; value < 500; value++) if (fits(value)) return { kind: 'some', value };
  return unknown('no number was found between the bounds', { value: numberOf({ top: 0n, bottom: 1n }) });
}
