import type { Position } from '../../diagnostics/position.js';
import { sagaParts } from '../../model/sagas/parts.js';
import type { Rule } from '../rule.js';
import { stepSubject } from '../saga-steps.js';

/** One `local` name for two steps of a part, or for a step and a compensation. */
export const sagaLocalTwice: Rule = {
  id: 'saga-local-twice',
  severity: 'error',
  title: 'A local function of a saga does one thing.',
  why: 'There is one function of a name: it gets the arguments of the first step in the second one as well, and a compensation would do the step again.',
  fix: 'Rename one of the two.',
  requirements: ['DH-45', 'SE-19'],
  *check(model) {
    for (const part of sagaParts(model)) {
      const known = new Map<string, Position>();
      for (const step of part.steps) {
        const uses = [
          { action: step.action, at: step.at, what: `step "${step.id}"` },
          ...(step.compensate
            ? [
                {
                  action: step.compensate.action,
                  at: step.compensate.at,
                  what: `the compensation of step "${step.id}"`,
                },
              ]
            : []),
        ];
        for (const { action, at, what } of uses) {
          if (action.kind !== 'local') continue;
          const first = known.get(action.name);
          if (first === undefined) known.set(action.name, at);
          else
            yield {
              at,
              message: `${what} of saga "${part.saga.name}" calls the local function "${action.name}", as another place of it does.`,
              subject: `${stepSubject(part.saga, step)} local:${action.name}`,
              related: [{ at: first, message: 'the other place' }],
              fix: 'rename one of the two functions.',
            };
        }
      }
    }
  },
};
