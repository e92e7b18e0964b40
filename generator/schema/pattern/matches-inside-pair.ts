import type { Expression } from './expression.js';

/**
 * Whether it matches between the two halves of a character that takes two units, where the standard does not look but V8 does: `\B` is found in `a😀a`.
 * Nothing can be consumed from there.
 */
export function matchesInsidePair(expression: Expression): boolean {
  switch (expression.kind) {
    case 'chars':
    case 'start':
    case 'end':
      return false;
    case 'boundary':
      return expression.negated;
    case 'sequence':
      return expression.parts.every(matchesInsidePair);
    case 'choice':
      return expression.branches.some(matchesInsidePair);
    case 'repeat':
      return expression.min === 0 || matchesInsidePair(expression.body);
    case 'lookahead':
      return matchesInsidePair(expression.body) !== expression.negated;
  }
}
