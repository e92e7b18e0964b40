import { edgeSubject, isRepeatable, operationOf, spokenPolicy } from '../operation-facts.js';
import type { Rule } from '../rule.js';

/**
 * Judges edges whose operations may all be repeated. Frontends and gateways are exempt: the retry belongs to one layer, the one nearest to the failure. A written
 * `max_attempts: 1` is a decision.
 */
export const noRetry: Rule = {
  id: 'no-retry',
  severity: 'warning',
  title: 'A call that may be repeated is repeated.',
  why: 'Most failures of a call are gone after a second: a restarted instance, a lost connection. Without a second try each of them becomes an error for somebody.',
  fix: 'Write `retry` in the policy of the edge.',
  requirements: ['DH-68', 'DH-08', 'TD-88'],
  *check(model) {
    for (const edge of model.http) {
      if (edge.policyMissing !== undefined || edge.policy?.retry !== undefined || edge.operations.length === 0)
        continue;
      const role = model.services.get(edge.from)?.role;
      if (role === 'frontend' || role === 'gateway') continue;
      const operations = edge.operations.flatMap((each) => operationOf(model, edge.to, each.id) ?? []);
      if (operations.length < edge.operations.length || !operations.every(isRepeatable)) continue;
      const why = edge.policy === undefined ? 'it has no policy' : `${spokenPolicy(edge)} has no retry`;
      yield {
        at: edge.at,
        message: `"${edge.from}" calls "${edge.to}" once only, although the calls may be repeated: ${why}.`,
        subject: edgeSubject(edge),
        fix: 'write retry: { max_attempts: 3, backoff: exponential, initial_interval: 200ms, jitter: full }, or max_attempts: 1 to decide against it.',
      };
    }
  },
};
