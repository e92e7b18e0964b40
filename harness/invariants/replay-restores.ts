import type { Invariant } from './invariant.js';
import { consumersIn, deadIn, isBusy } from './messages.js';

/** A dead letter that is put back comes through, or is a dead letter again. */
export const replayRestores: Invariant = {
  id: 'replay-restores',
  promise: 'A dead letter that is put back is handed out again, and is applied unless it fails once more.',
  *check(run, subject) {
    for (const { service, definition } of consumersIn(run, subject)) {
      if (isBusy(run, definition)) continue;
      const dead = deadIn(run, service);
      for (const [index, happening] of run.happenings.entries()) {
        if (happening.kind !== 'replayed' || happening.service !== service) continue;
        const later = run.happenings.slice(index + 1).filter((one) => one.service === service);
        const about = later.filter((one) => 'messageId' in one && one.messageId === happening.messageId);
        if (!about.some(({ kind }) => kind === 'delivered')) {
          const sentence = 'A dead letter that was put back never came.';
          yield { invariant: this.id, sentence, at: happening, service };
        }
        const ended = about.findLast((one) => one.kind === 'settled');
        if (ended?.kind !== 'settled' || ended.how !== 'dead-lettered' || dead.has(happening.messageId)) continue;
        const sentence = 'A dead letter that was put back failed again and is gone.';
        yield { invariant: this.id, sentence, at: ended, service };
      }
    }
  },
};
