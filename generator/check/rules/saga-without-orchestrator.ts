import type { Rule } from '../rule.js';

/** `style: orchestration` (the default) without `orchestrator`. */
export const sagaWithoutOrchestrator: Rule = {
  id: 'saga-without-orchestrator',
  severity: 'error',
  title: 'An orchestrated saga names the service that runs it.',
  why: 'Nobody keeps its state, so nobody resumes it after a crash: steps that were done stay done and nothing takes them back.',
  fix: 'Write `orchestrator`.',
  requirements: ['SE-17', 'DH-39'],
  *check(model) {
    for (const saga of model.sagas.values()) {
      if (saga.style !== 'orchestration' || saga.orchestrator !== undefined) continue;
      yield {
        at: saga.at,
        message: `saga "${saga.name}" has no orchestrator.`,
        subject: `saga:${saga.name}`,
        fix: 'write orchestrator: <service>, or style: choreography.',
      };
    }
  },
};
