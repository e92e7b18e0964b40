import { child, children, isMapping, type Place } from './place.js';
import type { References } from './references.js';

/**
 * The value of `key` on a message or operation with its traits applied: in AsyncAPI 2.x a trait overrides, in 3.x the object itself does, and
 * later traits override earlier ones.
 *
 * `bindings` and `security` of all are joined. Schemas (`headers`, `payload`) are not merged with each other: the winner stands alone, because a
 * schema is known by its place in a file, and a merged one would have none.
 */
export function traitValue(owner: Place, key: string, major: 2 | 3, references: References): Place | undefined {
  const own = child(owner, key);
  const traits = child(owner, 'traits');
  if (traits === undefined) return own;
  const fromTraits = children(traits).flatMap(([, trait]) => references.step(trait, key) ?? []);
  const ascending = [
    ...(major === 3 ? fromTraits : []),
    ...(own === undefined ? [] : [own]),
    ...(major === 2 ? fromTraits : []),
  ];
  const winner = ascending.at(-1);
  if (winner === undefined || key !== 'bindings') return winner;
  const merged = ascending.map((place) => references.follow(place)?.value).filter(isMapping);
  return { ...winner, value: Object.assign(Object.create(null), ...merged) };
}
