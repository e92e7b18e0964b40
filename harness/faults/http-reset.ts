import { type AtCalls, fewerTries, installAtCalls, refuseAtCalls, wordsAtCalls } from './at-calls.js';
import type { Fault } from './fault.js';

interface HttpReset extends AtCalls {
  readonly fault: 'http-reset';
}

/** A connection that breaks before the request arrives. */
export const httpReset: Fault<HttpReset> = {
  id: 'http-reset',
  title: 'A connection breaks before the request arrives.',
  refuse: (planned) => refuseAtCalls(planned),
  words: (planned) => `broken connection for ${wordsAtCalls(planned)}`,
  install(planned, hooks) {
    installAtCalls(planned, this.words(planned), hooks, { kind: 'reset' });
  },
  simpler: fewerTries,
};
