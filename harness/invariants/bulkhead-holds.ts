import { callPolicyOf, edgeOf } from '../world/providers/call-policy.js';
import type { Invariant } from './invariant.js';
import { callPlace, ownTries } from './tries.js';

/** No more tries of one operation are under way at once than its bulkhead has places. */
export const bulkheadHolds: Invariant = {
  id: 'bulkhead-holds',
  promise: 'At most as many calls of an operation are under way at once as its bulkhead allows.',
  *check(run, subject) {
    const tries = new Map(ownTries(run).map((one) => [one.call, one]));
    const underWay = new Map<string, number>();
    const told = new Set<string>();
    // Who calls in another's name has a client of its own for that.
    const names = new Map(run.plan.steps.map((step) => [step.id, step.do === 'call' ? step.as : undefined]));
    // In the order in which things were seen, since many happen at one instant.
    for (const happening of run.happenings) {
      if (happening.kind !== 'calling' && happening.kind !== 'called') continue;
      const one = tries.get(happening.call);
      if (one === undefined) continue;
      const concurrentMax = callPolicyOf(edgeOf(subject.model, one.caller, one.operation)?.policy).bulkhead
        ?.concurrentMax;
      if (concurrentMax === undefined) continue;
      const as = names.get(happening.step ?? '') ?? one.caller;
      const key = [one.caller, one.life, one.operation, as].join('\n');
      const count = (underWay.get(key) ?? 0) + (happening.kind === 'calling' ? 1 : -1);
      underWay.set(key, count);
      if (count <= concurrentMax || told.has(key)) continue;
      told.add(key);
      yield {
        ...{ invariant: this.id, service: one.caller, at: happening, ...callPlace(subject, one) },
        sentence: `More calls of ${one.operation} were under way at once than its bulkhead allows.`,
        ...{ expected: { concurrentMax }, actual: { underWay: count } },
      };
    }
  },
};
