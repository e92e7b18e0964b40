import type { Invariant } from './invariant.js';
import { entityPlace } from './places.js';
import { tellsOf } from './tells.js';

/** Nobody hears of what was not committed. */
export const noPhantom: Invariant = {
  id: 'no-phantom',
  promise: 'Nobody is told of a change that was not committed.',
  *check(run, subject) {
    const committed = new Set<string>();
    for (const happening of run.happenings) {
      if (happening.kind === 'owned') committed.add(keyOf(happening.entity, happening.id, happening.version.sequence));
      if (happening.kind !== 'published') continue;
      const { service, envelope } = happening;
      const owned = envelope && tellsOf(subject, service, envelope.type)?.owned;
      if (owned === undefined || envelope?.sequence === undefined || envelope.subject === undefined) continue;
      if (committed.has(keyOf(owned.entity, envelope.subject, BigInt(envelope.sequence)))) continue;
      yield {
        invariant: this.id,
        sentence: `A change of ${owned.entity} was told before it was committed.`,
        at: happening,
        service,
        ...entityPlace(subject, owned.entity),
      };
    }
  },
};

function keyOf(entity: string, id: string, sequence: bigint): string {
  return `${entity}\n${id}\n${sequence}`;
}
