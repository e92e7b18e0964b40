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
    for (const policy of new Set([...model.policies.values(), ...model.http.flatMap((edge) => edge.policy ?? [])])) {
      if (policy.fallback !== 'cached' || policy.cache !== undefined) continue;
      const name = policy.name === undefined ? 'a policy' : `policy "${policy.name}"`;
      yield {
        at: policy.at,
        message: `${name} falls back to cached answers, but caches none.`,
        subject: `policy:${policy.name ?? `${policy.at.file}:${policy.at.line}`}`,
        fix: 'write cache: { ttl: 60s, stale_if_error: 10m } in it, or another fallback.',
      };
    }
  },
};
