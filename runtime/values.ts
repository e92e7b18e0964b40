import { canonicalJson } from './canonical.js';
import { equal } from './validation.js';

/** The value at a path inside a message, or undefined when anything on the way is missing. For places whose type a union hides. */
export function at(value: unknown, ...steps: readonly string[]): unknown {
  let current = value;
  for (const step of steps) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, step)) return undefined;
    current = (current as Readonly<Record<string, unknown>>)[step];
  }
  return current;
}

/** A key as text: strings as they are, numbers and booleans in decimal, objects as canonical JSON, nothing as ''. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? canonicalJson(value) : String(value);
}

/** A reference as text, or null when it is empty. */
export function idOf(value: unknown): string | null {
  return value === null || value === undefined ? null : textOf(value);
}

/** Deep equality of JSON values. */
export function equals(a: unknown, b: unknown): boolean {
  return equal(a, b);
}
