import { type RetryBudget, retryBudget } from '../../model/retry-budget.js';
import type { Policy } from '../../model/types.js';
import { policiesOf } from '../policies.js';
import type { Rule } from '../rule.js';
import { counted, spoken, written } from '../wording.js';

/**
 * Compares the worst case (every try times out, every wait is as long as it can be) with the deadline. Without a deadline the waits alone are compared with the
 * timeout, because whoever sets a timeout of 10 s does not expect 14 s of waiting.
 */
export const retryBudgetExceedsDeadline: Rule = {
  id: 'retry-budget-exceeds-deadline',
  severity: 'warning',
  title: 'All tries of a policy fit into its deadline.',
  why: 'Tries that lie behind the deadline never happen: the contract promises more patience than the caller has, and nobody finds out before the first outage.',
  fix: 'Lower the tries, the waits or the timeout, or raise the deadline.',
  requirements: ['DH-08', 'DH-07'],
  *check(model) {
    for (const { policy, what, subject } of policiesOf(model)) {
      const budget = retryBudget(policy);
      const limit = policy.deadlineMs ?? policy.timeoutMs;
      const need = policy.deadlineMs === undefined ? budget.waitMs : budget.totalMs;
      if (limit === undefined || need <= limit) continue;
      yield {
        at: policy.at,
        message:
          policy.deadlineMs === undefined
            ? `${counted(budget.attempts, 'try', 'tries')} of ${what} wait up to ${spoken(need)} (${sum(budget)}), its timeout is ${spoken(limit)} and it has no deadline.`
            : `${counted(budget.attempts, 'try', 'tries')} of ${what} take up to ${spoken(need)} (${computation(policy, budget)}), its deadline is ${spoken(limit)}.`,
        subject,
        fix: `lower initial_interval, max_attempts or timeout, or write deadline: ${written(budget.totalMs)}.`,
      };
    }
  },
};

/** `3 x 2 s of tries + waits 0.5 s + 1 s`. */
function computation(policy: Policy, budget: RetryBudget): string {
  const tries = policy.timeoutMs === undefined ? [] : [`${budget.attempts} x ${spoken(policy.timeoutMs)} of tries`];
  return [...tries, ...(budget.waitsMs.length === 0 ? [] : [`waits of ${sum(budget)}`])].join(' + ');
}

function sum(budget: RetryBudget): string {
  const shown = budget.waitsMs.slice(0, 5).map(spoken);
  return [...shown, ...(budget.waitsMs.length > 5 ? ['…'] : [])].join(' + ');
}
