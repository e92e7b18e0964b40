import type { Judge } from './judge.js';

/** So many values that a judge could not say anything about are enough: validators that fill the stack take long to find out. */
const FAILURES_MAX = 20;

/** The same judge until it has failed too often. */
export function impatient(judge: Judge): Judge {
  let failures = 0;
  const isTired = (): boolean => failures > FAILURES_MAX;
  return {
    canJudge: () => judge.canJudge(),
    refusals: (value) => {
      const refusals = isTired() ? undefined : judge.refusals(value);
      if (refusals === undefined) failures++;
      return refusals;
    },
    isFirm: (value) => !isTired() && judge.isFirm(value),
  };
}
