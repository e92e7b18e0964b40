import type { Rule } from '../rule.js';

/** Sagas without `timeout`. */
export const sagaWithoutTimeout: Rule = {
  id: 'saga-without-timeout',
  severity: 'warning',
  title: 'A saga ends within a time.',
  why: 'A saga that waits for an answer that never comes holds what its steps reserved for ever.',
  fix: 'Write `timeout`.',
  requirements: ['SE-54', 'DH-72'],
  *check(model) {
    for (const saga of model.sagas.values()) {
      if (saga.timeoutMs !== undefined) continue;
      yield {
        at: saga.at,
        message: `saga "${saga.name}" has no timeout.`,
        subject: `saga:${saga.name}`,
        fix: 'write timeout: 2m; at its end the saga compensates, or after the pivot alerts.',
      };
    }
  },
};
