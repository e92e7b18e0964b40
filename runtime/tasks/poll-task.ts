import { type Clock, systemClock } from '../clock.js';
import { SeamwrightError } from '../errors.js';
import type { CallOptions } from '../http/client.js';
import { HttpStatusError, NoAnswerError, UnexpectedReplyError } from '../http/errors.js';
import type { Task } from './task.js';

export interface PollOptions {
  /** Time before the second look, in ms; it grows by half with each further one. Default 1000. */
  readonly everyMs?: number;
  /** Longest time between two looks, in ms, unless the provider asks for more. Default 30000. */
  readonly everyMaxMs?: number;
  /** When to give up, in ms from the first look. Default 10 minutes. */
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
}

/** The task was still at work when nobody could wait any longer. */
export class TaskDeadlineError extends SeamwrightError {
  constructor(deadlineMs: number) {
    super('task-deadline', `the task did not end within ${deadlineMs} ms`, { retriable: true });
  }
}

/**
 * Looks at a task until it has ended, and answers it, failed or done. `read` is a look, such as a method of a generated client that is given these options. A look
 * that finds nobody, or a status that may be another one later, is repeated; none comes before the provider's `Retry-After`. Rejects with `TaskDeadlineError`, with
 * the signal's reason, and with any other failure of a look.
 */
export async function pollTask<T extends Pick<Task, 'state'>>(
  read: (options: LookOptions) => Promise<T>,
  options: PollOptions = {},
): Promise<T> {
  const { everyMs = 1_000, everyMaxMs = 30_000, deadlineMs = 600_000, signal, clock = systemClock } = options;
  const endMs = clock.now() + deadlineMs;
  for (let delayMs = everyMs; ; delayMs = Math.min(delayMs * 1.5, everyMaxMs)) {
    signal?.throwIfAborted();
    const { task, retryAfterMs } = await look(read, signal);
    if (task !== undefined && task.state !== 'running') return task;
    const waitMs = Math.max(delayMs, retryAfterMs);
    if (clock.now() + waitMs > endMs) throw new TaskDeadlineError(deadlineMs);
    await clock.sleep(waitMs, signal);
  }
}

/** What a look may hand on to a generated client. */
export type LookOptions = Pick<CallOptions, 'signal' | 'onAnswer'>;

async function look<T>(
  read: (options: LookOptions) => Promise<T>,
  signal: AbortSignal | undefined,
): Promise<{ readonly task?: T; readonly retryAfterMs: number }> {
  let retryAfterS = 0;
  try {
    const task = await read({
      ...(signal !== undefined && { signal }),
      onAnswer: ({ headers }) => {
        retryAfterS = Number(/^\d{1,9}$/.exec(headers?.get('retry-after') ?? '')?.[0] ?? 0);
      },
    });
    return { task, retryAfterMs: retryAfterS * 1_000 };
  } catch (error) {
    signal?.throwIfAborted();
    const said = error instanceof UnexpectedReplyError ? error.cause : error;
    if (said instanceof NoAnswerError) return { retryAfterMs: said.retryAfterMs ?? 0 };
    if (said instanceof HttpStatusError && said.retriable) return { retryAfterMs: (said.retryAfterS ?? 0) * 1_000 };
    throw error;
  }
}
