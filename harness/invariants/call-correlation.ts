import type { Invariant } from './invariant.js';
import { ownTries, triesOf } from './tries.js';

/** What is called on behalf of a request bears its correlation id. */
export const callCorrelation: Invariant = {
  id: 'call-correlation',
  promise: 'A call that is made for a request carries its correlation id on.',
  *check(run) {
    const requests = new Map(triesOf(run).map((one) => [one.call, one]));
    for (const one of ownTries(run)) {
      const request = one.within === undefined ? undefined : requests.get(one.within);
      if (request === undefined || one.correlationId === request.correlationId) continue;
      yield {
        ...{ invariant: this.id, service: one.caller, at: one.calling },
        sentence: `A call of ${one.operation} lost the correlation id of the request that it was made for.`,
        ...{ expected: request.correlationId ?? null, actual: one.correlationId ?? null },
      };
    }
  },
};
