import { problemsOf } from '../expression-problems.js';
import { expressionsOf } from '../expressions.js';
import type { Rule } from '../rule.js';

/** Parses every CEL expression and types those over a message against its schema. Promises over the states of services are only parsed here. */
export const expressionInvalid: Rule = {
  id: 'expression-invalid',
  severity: 'error',
  title: 'Every expression can be read and speaks of what is there.',
  why: 'Filters and conditions become code. One that reads a field which is never sent, or compares what can never be equal, publishes nothing, or everything.',
  fix: 'Write CEL over the fields of the message: comparisons, `&&`, `||`, `!`, `in`, and the macros `all`, `exists`, `filter` and `map`.',
  requirements: ['EP-29', 'EP-43'],
  *check(model) {
    for (const written of expressionsOf(model)) {
      const { expression, what, subject } = written;
      for (const { problem, offset, suggestion } of problemsOf(model, written)) {
        yield {
          at: expression.at,
          message: `${what}: ${problem.replace(/\.$/, '')}, at ${place(expression.text, offset)}.`,
          subject,
          fix:
            suggestion === undefined
              ? 'write CEL over the fields of the message: comparisons, &&, ||, !, in, all, exists, filter, map.'
              : `write "${suggestion}" if that was meant.`,
        };
      }
    }
  },
};

/** Where in the text: the words around the offset, because the file may quote or fold the text. */
function place(text: string, offset: number): string {
  const rest = text.slice(offset).replace(/\s+/g, ' ').trim();
  if (rest === '') return `its end (character ${offset + 1})`;
  return `"${rest.length > 24 ? `${rest.slice(0, 24)}…` : rest}" (character ${offset + 1})`;
}
