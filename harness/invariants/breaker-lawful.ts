import type { Run } from '../history.js';
import type { Subject } from '../subject.js';
import { callPolicyOf, edgeOf } from '../world/providers/call-policy.js';
import { expectedNext, type Request, requestsOf } from './expected-calls.js';
import type { Invariant, Violation } from './invariant.js';
import { ReferenceBreaker } from './reference-breaker.js';
import { callPlace, ownTries, type Try } from './tries.js';

/** A provider that keeps failing is left alone for the agreed time, no longer, and for no other reason. */
export const breakerLawful: Invariant = {
  id: 'breaker-lawful',
  promise:
    'A circuit breaker opens for failures of the provider alone, keeps calls off while it is open, and lets probes through afterwards.',
  *check(run, subject) {
    const groups = new Map<string, Try[]>();
    for (const one of ownTries(run)) {
      const key = [one.caller, one.life, one.operation].join('\n');
      groups.set(key, [...(groups.get(key) ?? []), one]);
    }
    const requests = requestsOf(run);
    for (const tries of groups.values()) yield* checkOne(this.id, tries, requests, { run, subject });
  },
};

function* checkOne(
  invariant: string,
  tries: readonly Try[],
  requests: readonly Request[],
  { run, subject }: { readonly run: Run; readonly subject: Subject },
): Iterable<Violation> {
  const [first] = tries;
  if (first === undefined) return;
  const policy = callPolicyOf(edgeOf(subject.model, first.caller, first.operation)?.policy);
  const { circuitBreaker, bulkhead, rateLimit } = policy;
  if (circuitBreaker === undefined) return;
  const breaker = new ReferenceBreaker(circuitBreaker);
  const began = new Map(tries.map((one) => [one.call, one]));
  const answered = new Map(requests.map((one) => [one.incoming.call, one]));
  const place = { invariant, service: first.caller, ...callPlace(subject, first) };
  let underWay = 0;
  // In the order in which things were seen, since many happen at one instant.
  for (const happening of run.happenings) {
    if (happening.kind === 'calling') {
      const one = began.get(happening.call);
      if (one === undefined) continue;
      const allowed = breaker.allows(one.at);
      if (allowed === 'nothing')
        yield {
          ...{
            ...place,
            at: one.calling,
            sentence: `${one.operation} was called although its circuit breaker had to be open.`,
          },
          ...{ expected: circuitBreaker, actual: { calledAt: one.at } },
        };
      breaker.begin(one.at);
      underWay += 1;
    } else if (happening.kind === 'called') {
      const one = began.get(happening.call);
      if (one === undefined) continue;
      breaker.end(one);
      underWay -= 1;
    } else if (happening.kind === 'served' && happening.service === first.caller && happening.status >= 500) {
      const request = answered.get(happening.call);
      if (request === undefined || rateLimit !== undefined || underWay >= (bulkhead?.concurrentMax ?? 1e9)) continue;
      if (isOver(request) || expectedNext(requests, request)?.operation !== first.operation) continue;
      const allowed = breaker.allows(request.incoming.served?.at ?? request.incoming.at);
      if (allowed === 'call' || (allowed === 'probe' && underWay === 0))
        yield {
          ...{ ...place, at: happening },
          sentence: `${first.operation} was not called although its circuit breaker ${allowed === 'call' ? 'had no reason to be open' : 'had to let a probe through'}.`,
          ...{ expected: circuitBreaker, actual: { answered: happening.status } },
        };
    }
  }
}

/** Whoever asked has stopped waiting: nobody has to be called any more. */
function isOver({ incoming: { deadlineAt, served } }: Request): boolean {
  return deadlineAt !== undefined && served !== undefined && served.at >= deadlineAt;
}
