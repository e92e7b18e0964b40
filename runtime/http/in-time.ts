import type { Clock } from '../clock.js';
import type { ServerRequest } from './exchange.js';
import { ProblemError } from './problem.js';

/**
 * Runs `work` until the caller stops waiting; a time that is over already is answered without it. Its signal is aborted then, and when the connection breaks. What
 * does not heed the signal goes on unwatched: the answer is 504, and `late` is told of a failure that nobody waits for any more.
 */
export async function inTime<T>(
  request: Pick<ServerRequest, 'signal'>,
  deadlineAtMs: number,
  clock: Clock,
  { work, late }: { readonly work: (signal: AbortSignal) => Promise<T>; readonly late: (error: unknown) => void },
): Promise<T> {
  const leftMs = deadlineAtMs - clock.now();
  if (leftMs <= 0) throw tooLate();
  const over = new AbortController();
  let isOver = false;
  let cancel = (): void => {};
  const end = new Promise<never>((_, reject) => {
    cancel = clock.timer(leftMs, () => {
      isOver = true;
      const error = tooLate();
      over.abort(error);
      reject(error);
    });
  });
  const working = work(AbortSignal.any([request.signal(), over.signal]));
  working.catch((error: unknown) => {
    if (isOver) late(error);
  });
  try {
    return await Promise.race([working, end]);
  } finally {
    cancel();
  }
}

function tooLate(): ProblemError {
  return new ProblemError(504, { detail: 'the time that X-Request-Deadline gives is over' });
}
