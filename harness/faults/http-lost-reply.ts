import { type AtCalls, fewerTries, installAtCalls, refuseAtCalls, wordsAtCalls } from './at-calls.js';
import type { Fault } from './fault.js';

interface HttpLostReply extends AtCalls {
  readonly fault: 'http-lost-reply';
  /** Nothing comes any more, instead of a broken connection. */
  readonly silently?: boolean;
}

/** A request that is carried out and whose answer is lost: whoever asked cannot know. */
export const httpLostReply: Fault<HttpLostReply> = {
  id: 'http-lost-reply',
  title: 'A request is carried out and its answer is lost.',
  refuse: (planned) => refuseAtCalls(planned, { silently: 'boolean?' }),
  words: (planned) => `lost answer to ${wordsAtCalls(planned)}`,
  install(planned, hooks) {
    const { silently = false } = planned;
    installAtCalls(planned, this.words(planned), hooks, { kind: 'lose-reply', silently });
  },
  simpler: fewerTries,
};
