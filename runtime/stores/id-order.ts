import { compareCodePoints } from '../code-points.js';
import { UsageError } from '../errors.js';

/** The writes in the order of their ids. Throws `UsageError` when an id comes twice. */
export function inOrderOfIds<Write extends { readonly id: string }>(writes: readonly Write[]): readonly Write[] {
  const sorted = [...writes].sort((left, right) => compareCodePoints(left.id, right.id));
  const twice = sorted.find(({ id }, index) => id === sorted[index + 1]?.id);
  if (twice !== undefined) throw new UsageError(`"${twice.id}" comes twice in one batch`);
  return sorted;
}
