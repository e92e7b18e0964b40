import { retryBudget } from '../../model/retry-budget.js';
import type { HttpEdge } from '../../model/types.js';
import { edgeSubject } from '../operation-facts.js';
import type { Rule } from '../rule.js';
import { spoken } from '../wording.js';

/** A required call whose timeout is shorter than what its provider may need for its own required calls, by their policies. Which operation calls which is not known. */
export const timeoutShorterThanCallee: Rule = {
  id: 'timeout-shorter-than-callee',
  severity: 'info',
  title: 'A caller waits at least as long as its provider tries.',
  why: 'The caller gives up and tries again while the provider still works for the first try: load doubles in the moment of trouble, and the answer is thrown away.',
  fix: 'Raise the timeout of the outer call, or lower the deadline of the inner one.',
  requirements: ['SE-59', 'SE-65'],
  *check(model) {
    const required = model.http.filter((edge) => edge.criticality === 'required');
    for (const outer of required) {
      const timeout = outer.policy?.timeoutMs;
      if (timeout === undefined) continue;
      for (const inner of required.filter((edge) => edge.from === outer.to && edge.to !== outer.from)) {
        const need = longest(inner);
        if (need === undefined || need <= timeout) continue;
        yield {
          at: outer.at,
          message: `"${outer.from}" waits ${spoken(timeout)} for "${outer.to}", which may need ${spoken(need)} for its call of "${inner.to}".`,
          subject: `${edgeSubject(outer)} then:${inner.to}`,
          related: [{ at: inner.at, message: `"${inner.from}" calls "${inner.to}"` }],
          fix: `raise timeout of the outer call above ${spoken(need)}, or lower deadline of the inner one.`,
        };
      }
    }
  },
};

function longest(edge: HttpEdge): number | undefined {
  if (edge.policy?.timeoutMs === undefined) return edge.policy?.deadlineMs;
  return Math.min(edge.policy.deadlineMs ?? Number.POSITIVE_INFINITY, retryBudget(edge.policy).totalMs);
}
