import type { CallStep } from '../plan.js';
import { contractOperation } from '../world/providers/contracts.js';
import { requestsOf } from './expected-calls.js';
import type { Invariant } from './invariant.js';

/** What a service has said that it has made can be read from it at once. */
export const readsOwnWrites: Invariant = {
  id: 'reads-own-writes',
  promise: 'What an answer says to be made can be read at once.',
  *check(run, subject) {
    const requests = requestsOf(run);
    const steps = new Map(run.plan.steps.map((step) => [step.id, step]));
    for (const { incoming, service } of requests) {
      const step = steps.get(incoming.step ?? '');
      if (step?.do !== 'call' || incoming.served?.status !== 404) continue;
      if (contractOperation(subject.model, incoming.operation)?.role?.kind !== 'read') continue;
      const made = sourcesOf(step).map((id) => requests.find((one) => one.incoming.step === id)?.incoming);
      const maker = made.find(
        (one) => one?.end?.status !== undefined && one.end.status < 300 && one.end.at <= incoming.at,
      );
      if (maker === undefined) continue;
      yield {
        ...{ invariant: this.id, service, at: incoming.served },
        sentence: `${incoming.operation} did not find what ${maker.operation} had made before.`,
        ...{ expected: 'what was made', actual: 404 },
      };
    }
  },
};

function sourcesOf({ take = {} }: CallStep): readonly string[] {
  return Object.values(take).map(({ of }) => of);
}
