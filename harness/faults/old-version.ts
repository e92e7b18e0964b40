import { type Rewritten, rewriting, withHeaders } from './rewrite.js';

interface OldVersion extends Rewritten {
  readonly fault: 'old-version';
}

/** A producer that was not deployed yet, or a message that lay in a queue while everybody else was. */
export const oldVersion = rewriting<OldVersion>({
  id: 'old-version',
  title: 'A message is of an older version of its contract that is still valid.',
  words: ({ step }) => `${step} is of an older version`,
  change: (message) => withHeaders(message, { 'ce-dataversion': '0.0.1' }),
});
