import { type AtCalls, fewerTries, installAtCalls, refuseAtCalls, wordsAtCalls } from './at-calls.js';
import type { Fault } from './fault.js';

interface HttpBadBody extends AtCalls {
  readonly fault: 'http-bad-body';
  /** Default: JSON that is cut off. */
  readonly body?: string;
}

/** An answer of 200 that nobody can read, such as the page of a proxy or half a document. */
export const httpBadBody: Fault<HttpBadBody> = {
  id: 'http-bad-body',
  title: 'A request is answered with 200 and a body that breaks the contract.',
  refuse: (planned) => refuseAtCalls(planned, { body: 'string?' }),
  words: (planned) => `unreadable answer to ${wordsAtCalls(planned)}`,
  install(planned, hooks) {
    installAtCalls(planned, this.words(planned), hooks, { kind: 'garbage', body: planned.body ?? '{"id":' });
  },
  simpler: fewerTries,
};
