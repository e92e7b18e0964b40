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

/** Order of two numbers or two strings; false when they are not of one kind, such as when one is missing. */
export function compare(a: unknown, operator: '<' | '<=' | '>' | '>=', b: unknown): boolean {
  const comparable =
    (typeof a === 'number' && typeof b === 'number') || (typeof a === 'string' && typeof b === 'string');
  if (!comparable) return false;
  const [left, right] = [a, b] as readonly [number, number];
  if (operator === '<') return left < right;
  if (operator === '<=') return left <= right;
  return operator === '>' ? left > right : left >= right;
}

/** Whether a list holds an item, or an object a key. */
export function includes(container: unknown, item: unknown): boolean {
  if (Array.isArray(container)) return container.some((each) => equals(each, item));
  return (
    typeof container === 'object' && container !== null && typeof item === 'string' && Object.hasOwn(container, item)
  );
}

/** Items of a list, characters (code points) of a text, keys of an object; 0 for everything else. */
export function sizeOf(value: unknown): number {
  if (typeof value === 'string') return [...value].length;
  if (Array.isArray(value)) return value.length;
  return typeof value === 'object' && value !== null ? Object.keys(value).length : 0;
}
