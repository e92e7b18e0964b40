import type { Expression } from './expression.js';
import { parsePattern } from './parse-pattern.js';

const known = new Map<string, boolean>();

/** Whether a backtracking engine may take exponential time over a pattern: something is repeated that itself can be matched in several ways. True also where that cannot be told. */
export function mayBacktrack(pattern: string): boolean {
  const before = known.get(pattern);
  if (before !== undefined) return before;
  const expression = parsePattern(pattern);
  const result = expression === undefined || repeatsAChoice(expression, false);
  known.set(pattern, result);
  return result;
}

function repeatsAChoice(expression: Expression, isRepeated: boolean): boolean {
  switch (expression.kind) {
    case 'choice':
      return isRepeated || expression.branches.some((branch) => repeatsAChoice(branch, isRepeated));
    case 'repeat':
      if (isRepeated && expression.min !== expression.max) return true;
      return repeatsAChoice(expression.body, isRepeated || expression.max > 1);
    case 'sequence':
      return expression.parts.some((part) => repeatsAChoice(part, isRepeated));
    case 'lookahead':
      return repeatsAChoice(expression.body, isRepeated);
    default:
      return false;
  }
}
