import type { ValuePath } from './documents.js';

/** `/a~1b/0` for `['a/b', 0]` (RFC 6901). */
export function pointerOf(path: ValuePath): string {
  return path.map((step) => `/${escapeStep(String(step))}`).join('');
}

export function escapeStep(step: string): string {
  return step.replace(/~/g, '~0').replace(/\//g, '~1');
}

/** Unescaped steps of a JSON pointer. `%20` forms, which a URI fragment needs, are read too. */
export function stepsOf(pointer: string): readonly string[] {
  if (pointer === '' || pointer === '/') return [];
  return pointer
    .slice(1)
    .split('/')
    .map((step) => step.replace(/~1/g, '/').replace(/~0/g, '~'));
}

/** The path of a pointer into `value`: steps that lead into a list become numbers. */
export function pathOf(pointer: string, value: unknown): ValuePath {
  let current = value;
  return stepsOf(pointer).map((step) => {
    const index = Array.isArray(current) && /^\d+$/.test(step) ? Number(step) : step;
    current =
      typeof current === 'object' && current !== null
        ? (current as Record<string | number, unknown>)[index]
        : undefined;
    return index;
  });
}
