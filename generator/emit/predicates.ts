import type { Expression } from '../model/types.js';
import { emitPredicate, parseExpression } from '../schema/expression.js';

/**
 * A CEL expression of the contract as a TypeScript arrow function over the message `m` (and `previous`, the entity's state before, which may be null).
 * `entityData` names the entity wherever it lies in the message. Undefined when the expression does not parse: a rule says so.
 */
export function predicateText(
  expression: Expression,
  payloadPath: string,
  parameters: readonly string[],
): string | undefined {
  const parsed = parseExpression(expression.text);
  if (!('ast' in parsed)) return undefined;
  const text = emitPredicate(parsed.ast, {
    variable: (name) => {
      if (name === 'entityData') return { root: 'm', path: payloadPath === '' ? [] : payloadPath.split('.') };
      return parameters.includes(name) ? { root: name, path: [] } : { root: 'm', path: [name] };
    },
  });
  const used = parameters.filter((name) => new RegExp(`\\b${name}\\b`).test(text));
  return `(${['m', ...used].join(', ')}) => ${text}`;
}
