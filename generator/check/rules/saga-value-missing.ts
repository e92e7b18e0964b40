import type { Rule } from '../rule.js';
import { deedsOf } from '../saga-deeds.js';

/** Required parameters, fields of bodies and fields of messages that neither `with` nor the run has. */
export const sagaValueMissing: Rule = {
  id: 'saga-value-missing',
  severity: 'error',
  title: 'Whatever a saga calls or tells is given what it requires.',
  why: 'The other side refuses what is incomplete, in every run.',
  fix: 'Say it in `with`, or let an earlier step put it out under that name.',
  requirements: ['DH-39', 'SE-19'],
  *check(model) {
    for (const { action, wanted = [], scope, what, subject, at } of deedsOf(model)) {
      const isOperation = action.kind === 'operation';
      const isGiven = Object.keys(action.with).length > 0 && !isOperation;
      for (const { name, required } of wanted) {
        if (!required || Object.hasOwn(action.with, name) || Object.hasOwn(action.with, 'body')) continue;
        if (isOperation && ['key', 'idempotencyKey', 'idempotency_key', 'idempotency-key'].includes(name)) continue;
        if (!isGiven && (scope.input.isOpen || scope.called(name) !== undefined)) continue;
        const target = isOperation ? `"${action.name}"` : `the message "${action.name}"`;
        yield {
          at,
          message: `${what} gives ${target} no "${name}", which is required.`,
          subject: `${subject} value:${name}`,
          fix: `write with: { ${name}: <value> }, or put ${name} out of a step before.`,
        };
      }
    }
  },
};
