import { UnavailableError } from '../errors.js';
import type { Parts } from '../parts.js';

/** Does `work` as soon as the store is there. Rejects with what else goes wrong, and when `signal` is aborted. `isStore` tells an error of the store's own. */
export async function whenAvailable<T>(
  { clock, log }: Pick<Parts, 'clock' | 'log'>,
  work: () => Promise<T>,
  signal: AbortSignal,
  isStore: () => boolean = () => true,
): Promise<T> {
  for (let look = 1; ; look++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof UnavailableError) || !isStore()) throw error;
      log.warn({ error }, 'the store is not available, the job waits');
      await clock.sleep(Math.min(100 * 2 ** look, 10_000), signal);
    }
  }
}
