import type { Expression } from '../model/types.js';
import { parseExpression } from '../schema/expression.js';
import { predicate, UnsupportedExpressionError } from '../schema/expression-text.js';
import { memberAccess, stringLiteral } from './names.js';

/**
 * A CEL expression of the contract as a TypeScript arrow function over the message `m` (and `previous`, the entity's state before, which may be null).
 * `entityData` names the entity wherever it lies in the message. Undefined when the expression has no such form: a rule says so.
 */
export function predicateText(
  expression: Expression,
  payloadPath: string,
  parameters: readonly string[],
): string | undefined {
  const parsed = parseExpression(expression.text);
  if (!('ast' in parsed)) return undefined;
  const entity =
    payloadPath === '' ? 'm' : payloadPath.split('.').reduce((text, step) => text + memberAccess(step, false), 'm');
  try {
    const text = predicate(parsed.ast, {
      variable: (name) =>
        name === 'entityData'
          ? { text: entity, maybe: false }
          : parameters.includes(name)
            ? { text: name, maybe: true }
            : { text: `m${memberAccess(name, false)}`, maybe: true },
      member: memberAccess,
      string: stringLiteral,
    });
    return `(${['m', ...parameters].join(', ')}) => ${text}`;
  } catch (error) {
    if (error instanceof UnsupportedExpressionError) return undefined;
    throw error;
  }
}
