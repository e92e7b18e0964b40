import { knowsKeyword } from '../dialect.js';
import { isMapping, memberOf } from './json.js';
import { isOld, type Place, RECURSIVE, type Resources } from './resources.js';
import { enter, type Scope } from './scope.js';

/** A schema and the dynamic scope it is read in. */
export interface Spot {
  readonly place: Place;
  readonly scope: Scope;
}

/** A reference keyword of a schema: where it leads, or that it leads nowhere. */
export interface Link {
  readonly keyword: '$ref' | '$dynamicRef' | '$recursiveRef';
  readonly text: string;
  readonly target: Spot | undefined;
}

/** The references that a schema makes to apply another one to the same value. */
export function linksOf(resources: Resources, { place, scope }: Spot): readonly Link[] {
  const links: Link[] = [];
  if (!isMapping(place.value)) return links;
  const { dialect } = place.resource;
  const inside = enter(scope, place);
  const follow = (keyword: Link['keyword'], text: string, find: (target: Place) => Place): void => {
    const target = resources.resolve(place, text);
    const found = target && find(target);
    links.push({ keyword, text, target: found && { place: found, scope: inside } });
  };
  const ref = memberOf(place.value, '$ref');
  if (typeof ref === 'string') follow('$ref', ref, (target) => target);
  const dynamic = memberOf(place.value, '$dynamicRef');
  if (typeof dynamic === 'string' && knowsKeyword(dialect, '$dynamicRef'))
    follow('$dynamicRef', dynamic, (target) => {
      const name = isMapping(target.value) ? memberOf(target.value, '$dynamicAnchor') : undefined;
      const asked = dynamic.slice(dynamic.indexOf('#') + 1);
      return typeof name === 'string' && name === asked ? (inside.anchors.get(name) ?? target) : target;
    });
  const recursive = memberOf(place.value, '$recursiveRef');
  if (typeof recursive === 'string' && dialect === '2019-09')
    follow('$recursiveRef', recursive, (target) => {
      const bookend = isMapping(target.value) && memberOf(target.value, '$recursiveAnchor') === true;
      return bookend ? (inside.anchors.get(RECURSIVE) ?? target) : target;
    });
  return links;
}

/** Whether a schema's other keywords count beside its `$ref`: not in older drafts, whatever validators do. */
export function standsAlone(place: Place): boolean {
  return isOld(place.resource.dialect) && isMapping(place.value) && typeof memberOf(place.value, '$ref') === 'string';
}
