import { type Background, background } from '../background.js';
import type { Parts } from '../parts.js';
import type { Change, JobRun } from './job-state.js';

/** How long a run is one instance's alone without a word from it. A dead one's run is taken over so much later. */
export const leaseMs = 30_000;

/** Which try an instance holds. */
export type Held = Pick<JobRun, 'occurrence' | 'attempt' | 'holder'>;

/** Whether a run is still the try that somebody holds. */
export function isHeld(run: JobRun | undefined, { occurrence, attempt, holder }: Held): run is JobRun {
  if (run?.state !== 'running' || run.holder !== holder) return false;
  return run.occurrence === occurrence && run.attempt === attempt;
}

/** A run whose instance stops in order: anybody may go on at once, and it does not count as a try. */
export function handedOver({ attempt }: JobRun): Pick<JobRun, 'attempt' | 'until'> {
  return { attempt: attempt - 1, until: 0 };
}

/** Whether the instance of a run has said nothing for too long. */
export function hasDied(run: JobRun | undefined, nowMs: number): boolean {
  return run?.state === 'running' && run.until > 0 && run.until <= nowMs;
}

/** Says that an instance is alive, until it is stopped. `lost` is called when another one has taken its run over. */
export function holdLease(
  { clock, log }: Pick<Parts, 'clock' | 'log'>,
  job: string,
  change: Change,
  held: Held,
  lost: () => void,
): Pick<Background, 'stop'> {
  let cancel = (): void => {};
  const renew = (): void => {
    cancel = clock.timer(leaseMs / 3, beat.wake);
  };
  const beat = background(
    async () => {
      renew();
      const mine = await change(async (_tx, state) => {
        if (!isHeld(state.run, held)) return [undefined, false];
        return [{ ...state, run: { ...state.run, until: clock.now() + leaseMs } }, true];
      });
      if (!mine) lost();
    },
    (error) => log.warn({ job, error }, 'the lease of a job could not be renewed'),
  );
  renew();
  return {
    async stop() {
      cancel();
      await beat.stop();
      // Set again by a beat that was under way.
      cancel();
    },
  };
}
