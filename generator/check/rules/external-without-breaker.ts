import { edgeSubject, spokenPolicy } from '../operation-facts.js';
import type { Rule } from '../rule.js';

/** HTTP edges to a service of role `external`. */
export const externalWithoutBreaker: Rule = {
  id: 'external-without-breaker',
  severity: 'warning',
  title: 'Calls to an external service pass a circuit breaker.',
  why: 'Nobody here can repair an external service. Without a breaker every request waits for its timeout while it is down, and the queue behind grows.',
  fix: 'Write `circuit_breaker` in the policy.',
  requirements: ['DH-63', 'EP-36', 'SE-48'],
  *check(model) {
    for (const edge of model.http) {
      if (model.services.get(edge.to)?.role !== 'external') continue;
      if (edge.policyMissing !== undefined || edge.policy?.circuitBreaker !== undefined) continue;
      const why = edge.policy === undefined ? 'it has no policy' : `${spokenPolicy(edge)} has none`;
      yield {
        at: edge.at,
        message: `"${edge.from}" calls external "${edge.to}" without a circuit breaker: ${why}.`,
        subject: edgeSubject(edge),
        fix: 'write circuit_breaker: { failure_threshold: 5, open_for: 30s } in its policy.',
      };
    }
  },
};
