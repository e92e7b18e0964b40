import { createHash } from 'node:crypto';
import { lookUp } from './look-up.js';
import type { Documents, SchemaRef } from './ref.js';

/** Words about a schema that no message can feel. */
const silent = new Set([
  'description',
  'title',
  'summary',
  'example',
  'examples',
  '$comment',
  'externalDocs',
  'deprecated',
]);

/**
 * A hash of everything a schema says, references followed, that does not change when it is only described otherwise, moved to another file, or when keys change
 * places. 16 hex digits. Recursive schemas are fine.
 */
export function schemaFingerprint(documents: Documents, ref: SchemaRef): string {
  const seen = new Map<string, number>();
  const canonical = (at: SchemaRef): unknown => {
    const found = lookUp(documents, at);
    if (found === undefined) return { missing: at.pointer };
    const identity = `${found.ref.file}#${found.ref.pointer}`;
    const known = seen.get(identity);
    if (known !== undefined) return { again: known };
    seen.set(identity, seen.size);
    return plain(found.value, found.ref, false);
  };
  const plain = (value: unknown, at: SchemaRef, names: boolean): unknown => {
    if (Array.isArray(value)) return value.map((item, index) => step(item, child(at, String(index))));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).filter(([key]) => names || (!silent.has(key) && !key.startsWith('x-')));
    return entries
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [
        key,
        key === 'properties' && !names ? plain(item, child(at, key), true) : step(item, child(at, key)),
      ]);
  };
  const step = (value: unknown, at: SchemaRef): unknown =>
    typeof value === 'object' && value !== null && '$ref' in value && typeof value.$ref === 'string'
      ? canonical(at)
      : plain(value, at, false);
  return createHash('sha256')
    .update(JSON.stringify(canonical(ref)))
    .digest('hex')
    .slice(0, 16);
}

function child(at: SchemaRef, token: string): SchemaRef {
  return { file: at.file, pointer: `${at.pointer}/${token.replaceAll('~', '~0').replaceAll('/', '~1')}` };
}
