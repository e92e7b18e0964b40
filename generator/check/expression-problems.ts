import type { Model } from '../model/types.js';
import { parseExpression, typeCheck } from '../schema/expression.js';
import { scopeOf } from './expression-scope.js';
import type { WrittenExpression } from './expressions.js';

/** What is wrong with an expression, at an offset in its text (from 0), and the name that was probably meant. */
export interface ExpressionProblem {
  readonly problem: string;
  readonly offset: number;
  readonly suggestion?: string;
}

/** Parses an expression, and types it when it speaks of one message. Empty when nothing is wrong with it. */
export function problemsOf(model: Model, written: WrittenExpression): readonly ExpressionProblem[] {
  const parsed = parseExpression(written.expression.text);
  if (!('ast' in parsed)) return [{ problem: parsed.error, offset: parsed.offset }];
  const scope = scopeOf(model, written);
  if (scope === undefined) return [];
  return typeCheck(parsed.ast, scope).map(({ message, ...rest }) => ({ problem: message, ...rest }));
}
