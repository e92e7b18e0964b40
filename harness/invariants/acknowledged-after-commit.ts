import type { Invariant } from './invariant.js';

/** The broker is told that a message is done only when it is. */
export const acknowledgedAfterCommit: Invariant = {
  id: 'acknowledged-after-commit',
  promise: 'A message is acknowledged after its effect is committed, never before.',
  *check(run) {
    /** Deliveries of a message that are not settled, by service and message. */
    const open = new Map<string, number>();
    const waited = new Set<string>();
    for (const happening of run.happenings) {
      if (!('messageId' in happening) || happening.messageId === undefined) continue;
      const { service, messageId } = happening;
      const key = `${service}\n${messageId}`;
      const count = open.get(key);
      if (happening.kind === 'delivered') open.set(key, (count ?? 0) + 1);
      else if (happening.kind === 'settled' && count !== undefined) open.set(key, count - 1);
      // What waits in the store was acknowledged when it was put aside.
      else if (happening.kind === 'parked') waited.add(key);
      else if ((happening.kind === 'copied' || happening.kind === 'handled') && count === 0 && !waited.has(key)) {
        const sentence = 'A message was acknowledged before its effect was committed.';
        yield { invariant: this.id, sentence, at: happening, service };
      }
    }
  },
};
