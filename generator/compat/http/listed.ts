import type { SettingChange } from '../change.js';

/** What a list had and no longer has. */
export function missingIn({ before, after }: SettingChange): readonly string[] {
  const left = new Set(listOf(after));
  return listOf(before).filter((item) => !left.has(item));
}

/** Nothing is listed, or nothing is said. */
export function isEmpty(value: unknown): boolean {
  return listOf(value).length === 0;
}

function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
