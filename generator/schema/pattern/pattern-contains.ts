import { wordIn } from './word-in.js';

/**
 * Whether every text that matches all of `inside` and has a length in bounds (code points, both included) also matches `outside`.
 * Undefined: cannot tell, see `wordIn`, which also gives the text that does not.
 */
export function patternContains(
  outside: string,
  inside: readonly string[],
  bounds: { readonly min?: number; readonly max?: number } = {},
): boolean | undefined {
  if (inside.includes(outside)) return true;
  const word = wordIn({ ...bounds, inside, notIn: [outside] });
  return word === undefined ? undefined : word === null;
}
