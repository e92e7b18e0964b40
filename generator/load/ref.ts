import { isMapping, type Place } from './place.js';

/** Keys whose children are named by the user, so that a child called "example" or "default" is a part like any other. */
const NAME_MAPS = new Set(
  'properties patternProperties definitions $defs dependentSchemas schemas messages channels operations responses parameters paths callbacks webhooks links requestBodies pathItems servers examples'.split(
    ' ',
  ),
);
/** Keys that hold data of the user: a "$ref" in there is only a key. */
const DATA = new Set(['example', 'default', 'enum', 'const', 'value']);

/** Every place with a `$ref` that is a reference. */
export function* refsIn(root: Place): Generator<Place> {
  // An explicit stack: documents of 50 MB are walked here as well.
  const stack: { value: unknown; path: Place['path']; names: boolean }[] = [
    { value: root.value, path: root.path, names: false },
  ];
  for (let item = stack.pop(); item !== undefined; item = stack.pop()) {
    const { value, path, names } = item;
    if (Array.isArray(value)) {
      if (path.at(-1) === 'examples') continue;
      for (let index = value.length - 1; index >= 0; index--) {
        if (typeof value[index] === 'object') stack.push({ value: value[index], path: [...path, index], names: false });
      }
      continue;
    }
    if (!isMapping(value)) continue;
    if (typeof value.$ref === 'string') yield { source: root.source, path, value };
    const keys = Object.keys(value);
    for (let index = keys.length - 1; index >= 0; index--) {
      const key = keys[index] ?? '';
      const item = value[key];
      if (typeof item !== 'object' || item === null) continue;
      if (!names && (DATA.has(key) || key.startsWith('x-'))) continue;
      stack.push({ value: item, path: [...path, key], names: !names && NAME_MAPS.has(key) });
    }
  }
}

export function refText(value: unknown): string | undefined {
  return isMapping(value) && typeof value.$ref === 'string' ? value.$ref : undefined;
}

const ANNOTATIONS = new Set(['$ref', 'description', 'summary', 'title']);

export function isBareRef(value: unknown): boolean {
  return refText(value) !== undefined && Object.keys(value as object).every((key) => ANNOTATIONS.has(key));
}

/** File part (empty for the same file) and JSON pointer; the pointer is undefined for a plain-name fragment. */
export function splitRef(text: string): { readonly file: string; readonly pointer: string | undefined } {
  const hash = text.indexOf('#');
  const file = decode(hash < 0 ? text : text.slice(0, hash));
  const fragment = decode(hash < 0 ? '' : text.slice(hash + 1));
  return { file, pointer: fragment === '' || fragment.startsWith('/') ? fragment : undefined };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
