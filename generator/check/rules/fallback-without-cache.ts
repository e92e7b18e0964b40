import { policiesOf } from '../policies.js';
import type { Rule } from '../rule.js';

/** `fallback: cached` in a policy without `cache`. */
export const fallbackWithoutCache: Rule = {
  id: 'fallback-without-cache',
  severity: 'error',
  title: 'A fallback to the cache has a cache.',
  why: 'Nothing is ever stored, so the fallback fails on the day it is needed.',
  fix: 'Write `cache` in the policy.',
  requirements: ['EP-37', 'EP-38', 'SE-13'],
  *check(model) {
    for (const { policy, what, subject } of policiesOf(model)) {
      if (policy.fallback !== 'cached' || policy.cache !== undefined) continue;
      yield {
        at: policy.at,
        message: `${what} falls back to cached answers, but caches none.`,
        subject,
        fix: 'write cache: { ttl: 60s, stale_if_error: 10m } in it, or another fallback.',
      };
    }
  },
};
