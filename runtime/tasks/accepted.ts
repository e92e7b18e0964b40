import type { Task } from './task.js';

/** The answer to a request whose work goes on: 202, and where to ask about it (RFC 9110 section 15.3.3). */
export interface Accepted {
  readonly status: 202;
  readonly headers: { readonly location: string; readonly 'retry-after': string };
  readonly body: Task;
}

/** `statusPath` is the path of the operation that answers the task; `retryAfterMs` when to ask first, in whole seconds at least. Default 1 s. */
export function accepted(
  task: Task,
  statusPath: string,
  { retryAfterMs = 1_000 }: { readonly retryAfterMs?: number } = {},
): Accepted {
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1_000));
  return { status: 202, headers: { location: statusPath, 'retry-after': String(seconds) }, body: task };
}
