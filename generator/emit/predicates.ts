import type { Expression } from '../model/types.js';
import { emitPredicate, parseExpression } from '../schema/expression.js';
import { memberAccess } from './names.js';

/**
 * A CEL expression of the contract as a TypeScript arrow function over the message `m` (and `previous`, the entity's state before).
 * `entityData` names the entity wherever it lies in the message. Undefined when the expression does not parse: a rule says so.
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
  const text = emitPredicate(parsed.ast, {
    variable: (name) =>
      name === 'entityData' ? entity : parameters.includes(name) ? name : `m${memberAccess(name, false)}`,
  });
  return `(${['m', ...parameters].join(', ')}) => ${text}`;
}
