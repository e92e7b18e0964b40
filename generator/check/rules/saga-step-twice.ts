import type { Rule } from '../rule.js';
import { spokenStep, stepSubject } from '../saga-steps.js';

/** Two steps of one saga with the same `stepId`. */
export const sagaStepTwice: Rule = {
  id: 'saga-step-twice',
  severity: 'error',
  title: 'The steps of a saga have names of their own.',
  why: 'The journal records steps by name: after a crash the second one would be taken for done because the first one was.',
  fix: 'Rename one of the steps.',
  requirements: ['SE-08'],
  *check(model) {
    for (const saga of model.sagas.values()) {
      for (const [index, step] of saga.steps.entries()) {
        const first = saga.steps.slice(0, index).find((each) => each.id === step.id);
        if (first === undefined) continue;
        yield {
          at: step.at,
          message: `${spokenStep(saga, step)} has the name of an earlier step.`,
          subject: stepSubject(saga, step),
          related: [{ at: first.at, message: 'the earlier step' }],
          fix: 'rename one of the two.',
        };
      }
    }
  },
};
