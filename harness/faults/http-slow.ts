import { type AtCalls, fewerTries, installAtCalls, refuseAtCalls, wordsAtCalls } from './at-calls.js';
import type { Fault } from './fault.js';

interface HttpSlow extends AtCalls {
  readonly fault: 'http-slow';
  readonly byMs: number;
}

/** Requests that take their time on the way: an overloaded network or a provider whose queue is long. */
export const httpSlow: Fault<HttpSlow> = {
  id: 'http-slow',
  title: 'A request reaches its provider late.',
  refuse: (planned) => refuseAtCalls(planned, { byMs: 'number' }),
  words: (planned) => `delay of ${wordsAtCalls(planned)} by ${planned.byMs} ms`,
  install(planned, hooks) {
    installAtCalls(planned, this.words(planned), hooks, { kind: 'slow', byMs: planned.byMs });
  },
  simpler: (planned) => [
    ...fewerTries(planned),
    ...[100, 1_000].filter((byMs) => byMs < planned.byMs).map((byMs) => ({ ...planned, byMs })),
  ],
};
