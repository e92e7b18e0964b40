import { isDeepStrictEqual } from 'node:util';
import { deadLetterHeaders } from '../../runtime/brokers/dead-letter.js';
import type { DeadLetterSeen } from '../history.js';
import type { Invariant } from './invariant.js';
import { type Published, publishedIn } from './messages.js';

/** A dead letter holds what somebody needs who is to find the mistake and to put it back. */
export const deadLetterComplete: Invariant = {
  id: 'dead-letter-complete',
  promise: 'A dead letter is the whole message, with the reason and the number of tries.',
  *check(run) {
    for (const letter of run.end.deadLetters) {
      const missing = missingIn(letter, publishedIn(run).get(letter.messageId ?? ''));
      if (missing === undefined) continue;
      yield {
        invariant: this.id,
        sentence: `A dead letter of ${letter.queue} lacks ${missing}.`,
        service: letter.service,
        actual: { headers: letter.headers, body: letter.body },
      };
    }
  },
};

const kept = ['ce-id', 'ce-type', 'ce-source', 'ce-time', 'ce-correlationid'] as const;

function missingIn({ headers, body }: DeadLetterSeen, sent: Published | undefined): string | undefined {
  for (const [what, name] of Object.entries(deadLetterHeaders)) {
    if ((headers[name] ?? '') === '') return `the ${what} (${name})`;
  }
  if (!/^[1-9]\d*$/.test(headers[deadLetterHeaders.attempts] ?? '')) return 'a number of tries';
  if (sent?.envelope === undefined) return undefined;
  for (const name of kept) {
    const value = sent.envelope[name.slice(3) as 'id' | 'type' | 'source' | 'time' | 'correlationid'];
    // A message without a correlation id starts its own: it is read as its own id.
    if (name === 'ce-correlationid' && value === sent.envelope.id) continue;
    if (decoded(headers[name]) !== value) return `its own ${name}`;
  }
  return isDeepStrictEqual(parsed(body), sent.envelope.data) ? undefined : 'its own body';
}

function decoded(value: string | undefined): string | undefined {
  try {
    return value === undefined ? undefined : decodeURIComponent(value);
  } catch {
    return value;
  }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
