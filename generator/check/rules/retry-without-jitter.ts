import type { Retry } from '../../model/types.js';
import { policiesOf } from '../policies.js';
import type { Rule, Violation } from '../rule.js';

/** Policies, consumers and saga steps with `jitter: none`. Left out, jitter is full. */
export const retryWithoutJitter: Rule = {
  id: 'retry-without-jitter',
  severity: 'warning',
  title: 'Retries are spread by jitter.',
  why: 'Everybody who failed at the same moment tries again at the same moment: the provider that just came back is knocked over by its own clients.',
  fix: 'Write `jitter: full`.',
  requirements: ['SE-66', 'TD-88'],
  *check(model) {
    for (const { policy, what, subject } of policiesOf(model)) {
      yield* judge(policy.retry, what, subject);
    }
    for (const event of model.events.values()) {
      for (const { service, retry } of event.consumers) {
        yield* judge(retry, `"${service}" on event "${event.name}"`, `event:${event.name} consumer:${service}`);
      }
    }
    for (const saga of model.sagas.values()) {
      for (const step of saga.steps) {
        const subject = `saga:${saga.name} step:${step.id}`;
        yield* judge(step.retry, `step "${step.id}" of saga "${saga.name}"`, subject);
        yield* judge(step.compensate?.retry, `the compensation of step "${step.id}" of saga "${saga.name}"`, subject);
      }
    }
  },
};

function* judge(retry: Retry | undefined, what: string, subject: string): Iterable<Violation> {
  if (retry === undefined || retry.jitter !== 'none' || retry.attemptsMax < 2) return;
  yield {
    at: retry.at,
    message: `${what} tries ${retry.attemptsMax} times without jitter.`,
    subject,
    fix: 'write jitter: full.',
  };
}
