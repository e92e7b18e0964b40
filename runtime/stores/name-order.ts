import { compareCodePoints } from '../code-points.js';

/** Each name once, by code point: whoever takes several locks takes them in this order and cannot meet another taker in a circle. */
export function inSortedOrder(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort(compareCodePoints);
}
