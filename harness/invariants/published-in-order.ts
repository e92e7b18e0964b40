import { instantNanoseconds } from '../../runtime/instant.js';
import type { Invariant } from './invariant.js';
import { tellsOf } from './tells.js';

/** Changes of one entity leave in the order in which they were committed, and say so: followers may order them by their instants. */
export const publishedInOrder: Invariant = {
  id: 'published-in-order',
  promise: 'Changes of one entity leave their owner in the order of their commits.',
  *check(run, subject) {
    const last = new Map<string, bigint>();
    const instants = new Map<string, bigint>();
    const tied = new Set(run.plan.faults.flatMap(({ fault, step }) => (fault === 'tie' ? [step] : [])));
    const seen = new Set<string>();
    for (const happening of run.happenings) {
      if (happening.kind !== 'published' || happening.envelope === undefined) continue;
      const { service, envelope } = happening;
      const owned = tellsOf(subject, service, envelope.type)?.owned;
      // Sent once more, such as after a lost confirmation, a message may come behind newer ones.
      if (owned?.outbox !== true || envelope.force === true || seen.has(envelope.id)) continue;
      seen.add(envelope.id);
      const key = `${owned.entity}\n${envelope.subject}`;
      const sequence = BigInt(envelope.sequence ?? 0);
      const before = last.get(key) ?? 0n;
      last.set(key, sequence > before ? sequence : before);
      const instant = instantNanoseconds(envelope.time) ?? 0n;
      const earlier = instants.get(key) ?? 0n;
      instants.set(key, instant > earlier ? instant : earlier);
      if (sequence > before && instant <= earlier && !tied.has(happening.step)) {
        const sentence = `A newer change of ${owned.entity} has no later instant than the one before it.`;
        yield { invariant: this.id, sentence, at: happening, service, expected: earlier, actual: instant };
      }
      if (sequence >= before) continue;
      const sentence = `An older change of ${owned.entity} left behind a newer one.`;
      yield { invariant: this.id, sentence, at: happening, service, expected: before, actual: sequence };
    }
  },
};
