import type { Rule } from '../rule.js';

/** `style: two-phase` and `style: xa`. */
export const sagaTwoPhase: Rule = {
  id: 'saga-two-phase',
  severity: 'error',
  title: 'No transaction spans several services.',
  why: 'Between prepare and commit every participant holds its locks, and when the coordinator dies there nobody may release them: one slow service stops all. Brokers, HTTP services and most databases in the cloud take no part in XA at all.',
  fix: 'Write a saga with `compensate` for each step before the pivot; what must be one transaction belongs into one service.',
  requirements: ['SE-19'],
  *check(model) {
    for (const saga of model.sagas.values()) {
      if (saga.style !== 'two-phase' && saga.style !== 'xa') continue;
      yield {
        at: saga.styleAt,
        message: `saga "${saga.name}" asks for a ${saga.style === 'xa' ? 'distributed transaction (XA)' : 'two-phase commit'} over several services.`,
        subject: `saga:${saga.name}`,
        fix: 'write style: orchestration, with compensate at each step before the one that is kind: pivot.',
      };
    }
  },
};
