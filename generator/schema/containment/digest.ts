import { createHash } from 'node:crypto';
import { isMapping, keyOf } from './json.js';
import { linksOf, type Spot } from './references.js';
import type { Resources } from './resources.js';
import { enter } from './scope.js';

/** Words that no value can feel. */
const SILENT = new Set([
  ...['$schema', '$id', '$anchor', '$dynamicAnchor', '$recursiveAnchor', '$comment', '$vocabulary', '$defs'],
  ...['definitions', 'title', 'description', 'default', 'example', 'examples', 'deprecated', 'readOnly', 'writeOnly'],
  ...['externalDocs', 'xml', 'contentMediaType', 'contentEncoding', 'contentSchema'],
]);
const LINKS = new Set(['$ref', '$dynamicRef', '$recursiveRef']);
const NAMED = new Set(['properties', 'patternProperties', 'dependentSchemas', 'dependentRequired', 'dependencies']);
const DATA = new Set(['enum', 'const', 'required', 'type']);

/** So many values are hashed for one source before the rest is told apart by place only: each of many schemas that hold each other holds them all. */
const VALUES_MAX = 40_000;

/** How much of that is used up. */
export interface DigestBudget {
  used: number;
}

/**
 * A hash of all that a schema says, references followed and recursion kept: equal for equal schemas wherever they stand. Undefined when that is too
 * much.
 */
export function digestOf(resources: Resources, start: Spot, budget: DigestBudget): string | undefined {
  if (budget.used > VALUES_MAX) return undefined;
  const seen = new Map<string, number>();
  const schema = (spot: Spot): string => {
    const { place } = spot;
    const key = `${place.key} ${spot.scope.key}`;
    const known = seen.get(key);
    if (known !== undefined) return `@${known}`;
    seen.set(key, seen.size);
    return `${place.resource.dialect}${value(spot, false)}`;
  };
  const value = ({ place, scope }: Spot, names: boolean): string => {
    budget.used++;
    const inside = enter(scope, place);
    const child = (key: string | number): Spot => ({ place: resources.child(place, key), scope: inside });
    if (Array.isArray(place.value)) return `[${place.value.map((_, index) => value(child(index), false)).join(',')}]`;
    if (!isMapping(place.value)) return keyOf(place.value);
    const parts: string[] = names
      ? []
      : linksOf(resources, { place, scope }).map(({ text, target }) => `$ref:${target ? schema(target) : text}`);
    for (const key of Object.keys(place.value).sort()) {
      if (!names && (SILENT.has(key) || key.startsWith('x-') || LINKS.has(key))) continue;
      const written = DATA.has(key) && !names ? keyOf(place.value[key]) : value(child(key), !names && NAMED.has(key));
      parts.push(`${JSON.stringify(key)}:${written}`);
    }
    return `{${parts.join(',')}}`;
  };
  const text = schema(start);
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
