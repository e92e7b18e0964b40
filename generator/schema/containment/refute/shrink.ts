import { isMapping, objectOf } from '../json.js';

/** So many smaller values are tried. */
const TRIES_MAX = 400;

/** The smallest value that still does, found by leaving out and simplifying one part after the other. */
export function shrink(value: unknown, does: (value: unknown) => boolean): unknown {
  let tries = 0;
  let best = value;
  for (let again = true; again; ) {
    again = false;
    for (const smaller of smallerThan(best)) {
      if (++tries > TRIES_MAX) return best;
      if (!does(smaller)) continue;
      best = smaller;
      again = true;
      break;
    }
  }
  return best;
}

/** Of so many parts not one after the other is left out, but a half, a quarter, an eighth of them. */
const MANY = 8;

/** Without the first half, without the second, without the first quarter, and so on. */
function* halves<T>(parts: readonly T[]): Generator<readonly T[]> {
  for (let size = Math.ceil(parts.length / 2); size > 1; size = Math.ceil(size / 2))
    for (let from = 0; from < parts.length; from += size)
      yield parts.filter((_, index) => index < from || index >= from + size);
}

function* smallerThan(value: unknown): Generator<unknown> {
  if (Array.isArray(value)) {
    if (value.length > MANY) for (const part of halves(value)) yield part;
    for (const index of value.keys()) yield value.filter((_, at) => at !== index);
    for (const [index, item] of value.entries())
      for (const smaller of smallerThan(item)) yield value.map((each, at) => (at === index ? smaller : each));
  } else if (isMapping(value)) {
    const members = Object.entries(value);
    if (members.length > MANY) for (const part of halves(members)) yield objectOf(part);
    for (const [name] of members) yield objectOf(members.filter(([each]) => each !== name));
    for (const [name, member] of members)
      for (const smaller of smallerThan(member))
        yield objectOf(members.map(([each, old]) => [each, each === name ? smaller : old]));
  } else if (typeof value === 'string' && value.length > 1) {
    yield '';
    yield value.slice(0, Math.ceil(value.length / 2));
    yield [...value].slice(0, -1).join('');
  } else if (typeof value === 'number' && value !== 0 && Math.abs(value) !== 1) {
    yield 0;
    if (!Number.isInteger(value)) yield Math.trunc(value);
    if (Math.abs(value) > 1) yield Math.trunc(value / 2);
  }
}
