import { callPolicyOf, edgeOf } from '../world/providers/call-policy.js';
import type { Invariant } from './invariant.js';
import { callPlace, chainsOf, ownTries } from './tries.js';

/** A call is tried as often as its policy says, whoever repeats it: the client, a handler around it, or both. */
export const retriesWithinBudget: Invariant = {
  id: 'retries-within-budget',
  promise: 'A call that fails is tried at most as often as its policy says.',
  *check(run, subject) {
    for (const chain of chainsOf(ownTries(run))) {
      const [first] = chain;
      if (first === undefined) continue;
      const edge = edgeOf(subject.model, first.caller, first.operation);
      if (edge === undefined) continue;
      const attemptsMax = callPolicyOf(edge.policy).retry?.attemptsMax ?? 1;
      const over = chain[attemptsMax];
      if (over === undefined) continue;
      yield {
        ...{ invariant: this.id, service: first.caller, at: over.calling, ...callPlace(subject, first) },
        sentence: `${first.operation} was tried more often than its policy allows.`,
        ...{ expected: { attemptsMax }, actual: { tries: chain.length } },
      };
    }
  },
};
