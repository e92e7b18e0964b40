import { children, isMapping, type Place } from './place.js';
import { stepsOf } from './pointer.js';
import { refText } from './ref.js';

/**
 * Names of the schemes in a `security` list: keys of requirement objects (OpenAPI, AsyncAPI 2.x), or the last step of a reference (AsyncAPI 3).
 * An inline AsyncAPI 3 scheme has no name and is named by its type.
 */
export function securityNames(place: Place | undefined): readonly string[] {
  if (place === undefined) return [];
  const names = children(place).flatMap(([, item]) => {
    const ref = refText(item.value);
    if (ref !== undefined) return [stepsOf(ref.slice(ref.indexOf('#') + 1)).at(-1) ?? ref];
    if (!isMapping(item.value)) return [];
    return typeof item.value.type === 'string' ? [item.value.type] : Object.keys(item.value);
  });
  return [...new Set(names)];
}
