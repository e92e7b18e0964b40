import type { CallPolicy } from '../../runtime/http/policy/policy.js';
import { callPolicyOf, edgeOf } from '../world/providers/call-policy.js';
import { expectedNext, requestsOf } from './expected-calls.js';
import type { Invariant } from './invariant.js';
import { type Allows, ReferenceBreaker } from './reference-breaker.js';
import { callPlace, ownTries, type Try } from './tries.js';

/** Answers of one instant have no order that can be seen, ms. */
const slackMs = 2;

/** What stands in for an answer is never taken for one: it is asked again as soon as the kept answer is old, and never told when it is too old. */
export const fallbackNotKept: Invariant = {
  id: 'fallback-not-kept',
  promise:
    'A kept answer is given no longer than its policy allows, and what was given in its stead counts for no new one.',
  *check(run, subject) {
    const tries = ownTries(run);
    const requests = requestsOf(run);
    for (const request of requests) {
      const { incoming, service } = request;
      const { served } = incoming;
      if (served === undefined || served.status >= 300) continue;
      const expected = expectedNext(requests, request);
      if (expected?.asks === undefined) continue;
      const policy = callPolicyOf(edgeOf(subject.model, service, expected.operation)?.policy);
      const { cache } = policy;
      if (cache === undefined) continue;
      const own = tries.filter((one) => one.caller === service && one.operation === expected.operation);
      const real = own.findLast((one) => one.asks === expected.asks && isReal(one, served.at));
      const ageMs = real?.end === undefined ? undefined : served.at - real.end.at;
      const mayStand = cache.ttlMs + (cannotAsk(policy, own, served.at) ? (cache.staleIfErrorMs ?? 0) : 0);
      if (ageMs !== undefined && ageMs <= mayStand + slackMs) continue;
      yield {
        ...{ invariant: this.id, service, at: served },
        ...callPlace(subject, { caller: service, operation: expected.operation }),
        sentence: `An answer of ${expected.operation} was given from memory although it was older than its policy allows.`,
        ...{ expected: { atMostMs: mayStand }, actual: { ageMs: ageMs ?? null } },
      };
    }
  },
};

/** An answer that the provider itself gave, before an instant. */
function isReal({ end, served }: Try, before: number): boolean {
  return end?.status !== undefined && end.status < 300 && served !== undefined && end.at <= before;
}

/** Whether there was a lawful reason to answer without a call. */
function cannotAsk({ circuitBreaker, bulkhead, rateLimit }: CallPolicy, own: readonly Try[], at: number): boolean {
  const underWay = own.filter((one) => one.at <= at && (one.end === undefined || one.end.at >= at)).length;
  if (rateLimit !== undefined || (bulkhead !== undefined && underWay >= bulkhead.concurrentMax)) return true;
  const allowed: Allows = circuitBreaker === undefined ? 'call' : replayed(circuitBreaker, own, at);
  return allowed === 'nothing' || allowed === 'unknown' || (allowed === 'probe' && underWay > 0);
}

function replayed(policy: NonNullable<CallPolicy['circuitBreaker']>, own: readonly Try[], at: number): Allows {
  const breaker = new ReferenceBreaker(policy);
  const life = own.at(-1)?.life;
  const events = own
    .filter((one) => one.life === life)
    .flatMap((one) => [
      { at: one.at, run: () => breaker.begin(one.at) },
      ...(one.end === undefined ? [] : [{ at: one.end.at, run: () => breaker.end(one) }]),
    ]);
  for (const event of events.filter((one) => one.at <= at).sort((a, b) => a.at - b.at)) event.run();
  return breaker.allows(at);
}
