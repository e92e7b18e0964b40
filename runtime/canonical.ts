import { hash } from 'node:crypto';

/** JSON with sorted keys, so that equal values have equal texts. Members that are undefined are left out, as JSON does. */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  return Array.isArray(value) ? listText(value) : objectText(value as Readonly<Record<string, unknown>>);
}

/** SHA-256 of the canonical JSON, 32 hex digits: enough that two different states never look the same. */
export function hashOf(value: unknown): string {
  return hash('sha256', canonicalJson(value), 'hex').slice(0, 32);
}

// Every message of a copy comes through here: loops and one string are measurably cheaper than lists of parts.

function listText(list: readonly unknown[]): string {
  let text = '[';
  for (let index = 0; index < list.length; index++) {
    if (index > 0) text += ',';
    text += canonicalJson(list[index] ?? null);
  }
  return `${text}]`;
}

function objectText(object: Readonly<Record<string, unknown>>): string {
  let text = '{';
  for (const key of inOrder(Object.keys(object))) {
    const member = object[key];
    if (member === undefined) continue;
    if (text.length > 1) text += ',';
    text += `${JSON.stringify(key)}:${canonicalJson(member)}`;
  }
  return `${text}}`;
}

/** By UTF-16 units, as the default order of `sort` is. */
function inOrder(keys: string[]): readonly string[] {
  for (let index = 1; index < keys.length; index++) {
    if ((keys[index - 1] ?? '') > (keys[index] ?? '')) return keys.sort();
  }
  return keys;
}
