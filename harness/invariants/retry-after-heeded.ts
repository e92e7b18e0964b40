import type { Invariant } from './invariant.js';
import { callPlace, chainsOf, ownTries } from './tries.js';

/** A provider that says when to come back is not asked sooner by the same call. */
export const retryAfterHeeded: Invariant = {
  id: 'retry-after-heeded',
  promise: 'A provider that says when to come back is not asked sooner.',
  *check(run, subject) {
    for (const chain of chainsOf(ownTries(run))) {
      for (const [index, one] of chain.entries()) {
        const next = chain[index + 1];
        const wait = one.end?.retryAfterMs;
        if (next === undefined || one.end === undefined || wait === undefined || next.at >= one.end.at + wait) continue;
        yield {
          ...{ invariant: this.id, service: one.caller, at: next.calling, ...callPlace(subject, one) },
          sentence: `${one.operation} was tried again sooner than its provider asked for.`,
          ...{ expected: { afterMs: wait }, actual: { afterMs: next.at - one.end.at } },
        };
      }
    }
  },
};
