import { propertiesOf } from '../../model/payload.js';
import { correlationOf } from '../../model/sagas/input.js';
import { sagaParts } from '../../model/sagas/parts.js';
import type { Rule } from '../rule.js';

/** Messages that start a run, answer a step or undo one, without the saga's `correlation_key` among their fields. */
export const sagaMessageWithoutRun: Rule = {
  id: 'saga-message-without-run',
  severity: 'error',
  title: 'Every message that a saga takes says which run it belongs to.',
  why: 'An answer that names no run reaches nobody: the step waits until its time is over, and what was done is undone.',
  fix: 'Add the field, or name another one as `correlation_key`.',
  requirements: ['SE-04', 'SE-19'],
  *check(model) {
    for (const part of sagaParts(model)) {
      const key = correlationOf(part);
      const [first = key] = key.split('.');
      for (const { message } of part.takes) {
        const known = model.messages.get(message);
        const payload = known?.definition.payload;
        const fields = payload === undefined ? new Map() : propertiesOf(model, payload);
        if (fields.size === 0 || fields.has(first)) continue;
        yield {
          at: part.saga.at,
          message: `saga "${part.saga.name}" takes message "${message}", which has no "${key}" to tell its runs apart by.`,
          subject: `saga:${part.saga.name} message:${message}`,
          related: known === undefined ? [] : [{ at: known.at, message: 'the message' }],
          fix: `add ${key} to the message, or write correlation_key: <field that all its messages have>.`,
        };
      }
    }
  },
};
