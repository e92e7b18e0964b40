import type { Formula } from '../formula.js';

/** A bound of a number, or of a length. */
export type Limit = Formula & { readonly kind: 'bound' | 'length' };

/** Whether every value within one limit is within the other; limits of one subject. */
export function implies(limit: Limit, other: Limit): boolean {
  if (limit.side !== other.side) return false;
  const [a, b] = [countOf(limit), countOf(other)];
  if (a !== b) return limit.side === 'min' ? a > b : a < b;
  return isExclusive(limit) || !isExclusive(other);
}

/** Whether no value is within both. */
export function excludes(limit: Limit, other: Limit): boolean {
  if (limit.side === other.side) return false;
  const [min, max] = limit.side === 'min' ? [limit, other] : [other, limit];
  const [low, high] = [countOf(min), countOf(max)];
  return low > high || (low === high && (isExclusive(min) || isExclusive(max)));
}

function countOf(limit: Limit): number {
  return limit.kind === 'bound' ? limit.limit : limit.count;
}

function isExclusive(limit: Limit): boolean {
  return limit.kind === 'bound' && limit.exclusive;
}
