import { union } from './code-points.js';
import type { Expression } from './expression.js';

/**
 * The same language with one of several characters written as a class: `(a|b)*` as `[ab]*`.
 * Not for what follows an engine step by step: to a backtracking one, `(a|a)*` is far from `a*`.
 */
export function mergeCharacters(expression: Expression): Expression {
  switch (expression.kind) {
    case 'sequence':
      return { ...expression, parts: expression.parts.map(mergeCharacters) };
    case 'repeat':
    case 'lookahead':
      return { ...expression, body: mergeCharacters(expression.body) };
    case 'choice': {
      const branches = expression.branches.map(mergeCharacters);
      const sets = branches.flatMap((branch) => (branch.kind === 'chars' ? [branch.set] : []));
      return sets.length === branches.length ? { kind: 'chars', set: union(sets) } : { kind: 'choice', branches };
    }
    default:
      return expression;
  }
}
