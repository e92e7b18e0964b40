import { type AtCalls, fewerTries, installAtCalls, refuseAtCalls, wordsAtCalls } from './at-calls.js';
import type { Fault } from './fault.js';

interface HttpStatus extends AtCalls {
  readonly fault: 'http-status';
  readonly status: number;
  /** Value of `Retry-After`, in s. */
  readonly retryAfterS?: number;
}

/** A provider, or something in front of it, that answers without doing anything: 503 while it starts, 429 when it is asked too often, 404, 412. */
export const httpStatus: Fault<HttpStatus> = {
  id: 'http-status',
  title: 'A request is answered with a status and not carried out.',
  refuse: (planned) =>
    refuseAtCalls(planned, { status: 'number', retryAfterS: 'number?' }) ??
    (Number(planned['status']) >= 200 && Number(planned['status']) <= 599
      ? undefined
      : '"status" of the fault "http-status" must be a number from 200 to 599'),
  words: (planned) => `${planned.status} for ${wordsAtCalls(planned)}`,
  install(planned, hooks) {
    const { status, retryAfterS } = planned;
    const headers = retryAfterS === undefined ? {} : { headers: { 'retry-after': String(retryAfterS) } };
    installAtCalls(planned, this.words(planned), hooks, { kind: 'status', status, ...headers });
  },
  simpler: fewerTries,
};
