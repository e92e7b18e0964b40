import { edgeSubject, spokenPolicy } from '../operation-facts.js';
import type { Rule } from '../rule.js';

/** Looks at the resolved policy of every HTTP edge. */
export const noTimeout: Rule = {
  id: 'no-timeout',
  severity: 'warning',
  title: 'Every call has a timeout.',
  why: 'A provider that accepts the connection and never answers holds the caller for ever; enough of them and the caller stops as well.',
  fix: 'Write `timeout` in the policy of the edge.',
  requirements: ['DH-72', 'SE-54'],
  *check(model) {
    for (const edge of model.http) {
      if (edge.policyMissing !== undefined || edge.policy?.timeoutMs !== undefined) continue;
      const why = edge.policy === undefined ? 'it has no policy' : `${spokenPolicy(edge)} sets none`;
      yield {
        at: edge.at,
        message: `"${edge.from}" calls "${edge.to}" without a timeout: ${why}.`,
        subject: edgeSubject(edge),
        fix: 'write policy: { timeout: 2s } at the edge, or timeout: 2s in the named policy.',
      };
    }
  },
};
