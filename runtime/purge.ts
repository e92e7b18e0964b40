import { background } from './background.js';
import type { Parts } from './parts.js';
import type { Purged } from './stores/store.js';

/** How long a service remembers what it has dealt with, in ms. */
export interface KeepOptions {
  /** Which messages were handled: one that comes again later than this is handled again. Default 30 days. */
  readonly inboxMs?: number;
  /** Which entities were deleted: a message that is older than the deletion and comes later than this brings the entity back. Default 30 days. */
  readonly tombstonesMs?: number;
  /** Runs of sagas that have ended, with their journals: one that is started again later than this is a new one. Default 30 days. */
  readonly sagasMs?: number;
}

/** Forgets old claims and tombstones, and replies that have expired, now and then. */
export interface Purging {
  start(): void;
  stop(): Promise<void>;
}

const dayMs = 86_400_000;
const everyMs = 3_600_000;
/** Rows of a kind in one transaction: a portion must not hold anybody up. */
const portion = 1_000;
const lockName = 'purge';

/** Note of the store that says up to which instant something was forgotten, ms since the epoch: an older message may be one that was handled. */
export const purgedNote = 'purged-before';

/** Once an hour, more or less, so that the processes of a system do not all begin at once; of several processes of a service one at a time. */
export function createPurging(
  parts: Pick<Parts, 'definition' | 'store' | 'clock' | 'random' | 'telemetry' | 'log' | 'signal'>,
  keep: KeepOptions = {},
): Purging {
  const { clock, store, telemetry, signal, random } = parts;
  const tables = Object.values(parts.definition.copies).map(({ table }) => table);
  let cancelTimer = (): void => {};

  const task = background(purgeAll, (error) => parts.log.warn({ error }, 'old rows could not be removed'));

  async function purgeAll(): Promise<void> {
    schedule(everyMs);
    const nowMs = clock.now();
    const inboxBefore = nowMs - (keep.inboxMs ?? 30 * dayMs);
    const sagasBefore = nowMs - (keep.sagasMs ?? 30 * dayMs);
    const tombstonesBefore = nowMs - (keep.tombstonesMs ?? 30 * dayMs);
    for (let more = true; more && !signal.aborted; ) {
      const purged = await store.transaction(async (tx) => {
        if (!(await tx.tryLock(lockName))) return undefined;
        const removed = await tx.purge({ inboxBefore, tombstonesBefore, repliesBefore: nowMs, tables, limit: portion });
        const sagas = await tx.sagas.purge(sagasBefore, portion);
        if (Object.values(removed).some((count) => count > 0)) {
          // Never back: a longer memory does not bring back what is gone.
          const before = Number((await tx.note(purgedNote)) ?? 0);
          await tx.setNote(purgedNote, String(Math.max(before, inboxBefore, tombstonesBefore)));
        }
        return { ...removed, sagas };
      });
      if (purged === undefined) return;
      tell(purged);
      more = Object.values(purged).some((count) => count >= portion);
    }
  }

  function tell(purged: Purged & { readonly sagas: number }): void {
    for (const [kind, count] of Object.entries(purged)) {
      if (count > 0) telemetry.count('seamwright.purged', { kind }, count);
    }
  }

  function schedule(delayMs: number): void {
    cancelTimer();
    cancelTimer = signal.aborted ? () => {} : clock.timer(delayMs * (0.5 + random.next()), task.wake);
  }

  return {
    start: () => schedule(everyMs),
    async stop() {
      cancelTimer();
      await task.stop();
      cancelTimer();
    },
  };
}
