import { type AtCalls, fewerTries, installAtCalls, refuseAtCalls, wordsAtCalls } from './at-calls.js';
import type { Fault } from './fault.js';

interface HttpSilence extends AtCalls {
  readonly fault: 'http-silence';
}

/** A connection that stands and on which nothing ever comes: a process that hangs, a firewall that drops. Only the caller can end such a call. */
export const httpSilence: Fault<HttpSilence> = {
  id: 'http-silence',
  title: 'A request is never answered and does not arrive.',
  refuse: (planned) => refuseAtCalls(planned),
  words: (planned) => `silence for ${wordsAtCalls(planned)}`,
  install(planned, hooks) {
    installAtCalls(planned, this.words(planned), hooks, { kind: 'silence' });
  },
  simpler: fewerTries,
};
