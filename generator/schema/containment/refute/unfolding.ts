import { isMapping } from '../json.js';
import { linksOf, type Spot } from '../references.js';
import type { Resources } from '../resources.js';
import { enter } from '../scope.js';

const LISTS = ['allOf', 'anyOf', 'oneOf'];
const SINGLE = ['not', 'if', 'then', 'else'];
const BY_NAME = ['dependentSchemas', 'dependencies'];
/** Keywords about parts of a value. */
const INNER = [
  'additionalProperties',
  'propertyNames',
  'unevaluatedProperties',
  'items',
  'additionalItems',
  'contains',
];
const INNER_LISTS = ['items', 'prefixItems'];
const INNER_BY_NAME = ['properties', 'patternProperties'];

/**
 * How many schemas a validator may go through for one value, at the place where they are most. Validators do not remember what they have asked: schemas
 * that each refer to another one twice take twice as long as that one.
 */
export function largestUnfolding(resources: Resources, start: Spot): number {
  const sizes = new Map<string, number>();
  const pending: Spot[] = [start];
  const sizeOf = (spot: Spot): number => {
    const key = `${spot.place.key} ${spot.scope.key}`;
    const known = sizes.get(key);
    if (known !== undefined) return known;
    // A schema that comes back to itself about the same value ends soon, with a full stack.
    sizes.set(key, 0);
    let size = 1;
    for (const inner of sameValue(resources, spot)) size += sizeOf(inner);
    sizes.set(key, size);
    pending.push(...parts(resources, spot, INNER, INNER_LISTS, INNER_BY_NAME));
    return size;
  };
  let largest = 0;
  for (let spot = pending.pop(); spot; spot = pending.pop()) largest = Math.max(largest, sizeOf(spot));
  return largest;
}

function sameValue(resources: Resources, spot: Spot): readonly Spot[] {
  const targets = linksOf(resources, spot).flatMap(({ target }) => target ?? []);
  return [...targets, ...parts(resources, spot, SINGLE, LISTS, BY_NAME)];
}

function parts(
  resources: Resources,
  { place, scope }: Spot,
  single: readonly string[],
  lists: readonly string[],
  byName: readonly string[],
): readonly Spot[] {
  const { value } = place;
  if (!isMapping(value)) return [];
  const inside = enter(scope, place);
  const at = (...keys: readonly (string | number)[]): Spot => ({
    place: resources.child(place, ...keys),
    scope: inside,
  });
  return [
    ...single.filter((key) => isMapping(value[key])).map((key) => at(key)),
    ...lists.flatMap((key) => {
      const list = value[key];
      return Array.isArray(list) ? [...list.keys()].map((index) => at(key, index)) : [];
    }),
    ...byName.flatMap((key) => {
      const named = value[key];
      return isMapping(named) ? Object.keys(named).map((name) => at(key, name)) : [];
    }),
  ];
}
