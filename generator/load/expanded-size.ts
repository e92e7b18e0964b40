import { isMapping, type Place } from './place.js';
import { refText } from './ref.js';
import type { References } from './references.js';

/**
 * How many values a document has once every `$ref` is replaced by what it refers to, which is what some readers do: thirty short schemas that each name the
 * one before twice are a billion. Counted without expanding anything; a reference back to where it stands counts as one. Infinite when nested too deep to count.
 */
export function expandedSize(root: Place, references: References): number {
  const known = new Map<object, number>();
  const sizeOf = (place: Place): number => {
    const { value } = place;
    if (typeof value !== 'object' || value === null) return 1;
    const before = known.get(value);
    if (before !== undefined) return before;
    known.set(value, 1);
    let size = 1;
    const target = refText(value) === undefined ? undefined : references.follow(place);
    if (target !== undefined) size += sizeOf(target);
    for (const [key, item] of isMapping(value) ? Object.entries(value) : (value as readonly unknown[]).entries())
      size += sizeOf({ source: place.source, path: [...place.path, key], value: item });
    known.set(value, size);
    return size;
  };
  try {
    return sizeOf(root);
  } catch (error) {
    if (error instanceof RangeError) return Number.POSITIVE_INFINITY;
    throw error;
  }
}
