import { edgeSubject } from '../operation-facts.js';
import type { Rule } from '../rule.js';
import { meant } from '../wording.js';

/** Names under `policy:` that neither the feature nor the workspace declares. */
export const policyUnknown: Rule = {
  id: 'policy-unknown',
  severity: 'error',
  title: 'Every policy that is named is declared.',
  why: 'The client would be generated without timeout, retry and breaker, although the contract looks as if it had them.',
  fix: 'Correct the name, or declare the policy.',
  requirements: ['EP-36', 'SE-70'],
  *check(model) {
    for (const edge of model.http) {
      if (edge.policyMissing === undefined) continue;
      yield {
        at: edge.at,
        message: `"${edge.from}" calls "${edge.to}" by policy "${edge.policyMissing}", which nothing declares.`,
        subject: `${edgeSubject(edge)} policy:${edge.policyMissing}`,
        fix: meant(
          edge.policyMissing,
          model.policies.keys(),
          `declare it: policies: { ${edge.policyMissing}: { timeout: 2s } }`,
        ),
      };
    }
  },
};
