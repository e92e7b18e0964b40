import { parseExpression } from '../../schema/expression.js';
import { expressionsOf } from '../expressions.js';
import type { Rule } from '../rule.js';

/** Parses every CEL expression. */
export const expressionInvalid: Rule = {
  id: 'expression-invalid',
  severity: 'error',
  title: 'Every expression can be read.',
  why: 'Filters and conditions become code. One that cannot be read would publish nothing, or everything.',
  fix: 'Write CEL: comparisons, &&, ||, !, in, and the macros all, exists, filter and map.',
  requirements: ['EP-29', 'EP-43'],
  *check(model) {
    for (const { expression, what, subject } of expressionsOf(model)) {
      const parsed = parseExpression(expression.text);
      if ('ast' in parsed) continue;
      yield {
        at: expression.at,
        message: `${what} is no expression: ${withoutStop(parsed.error)}, at ${place(expression.text, parsed.offset)}.`,
        subject,
        fix: 'write CEL: comparisons, &&, ||, !, in, and the macros all, exists, filter and map.',
      };
    }
  },
};

/** Where in the text: the words around the offset, because the file may quote or fold the text. */
function place(text: string, offset: number): string {
  const rest = text.slice(offset).replace(/\s+/g, ' ').trim();
  if (rest === '') return `its end (character ${offset + 1})`;
  return `"${rest.length > 24 ? `${rest.slice(0, 24)}…` : rest}" (character ${offset + 1})`;
}

function withoutStop(text: string): string {
  return text.replace(/\.$/, '');
}
