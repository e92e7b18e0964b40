import type { Place } from './resources.js';

/** The dynamic anchors that the way to a schema has passed; the outermost of each name counts. */
export interface Scope {
  readonly key: string;
  readonly anchors: ReadonlyMap<string, Place>;
}

export const NO_SCOPE: Scope = { key: '', anchors: new Map() };

/** The scope within a schema that was reached through `scope`. */
export function enter(scope: Scope, place: Place): Scope {
  const { dynamicAnchors } = place.resource;
  if ([...dynamicAnchors.keys()].every((name) => scope.anchors.has(name))) return scope;
  const anchors = new Map([...dynamicAnchors, ...scope.anchors]);
  const key = [...anchors]
    .map(([name, target]) => `${name}=${target.key}`)
    .sort()
    .join(' ');
  return { key, anchors };
}
