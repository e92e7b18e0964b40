import { type Rewritten, rewriting, withHeaders } from './rewrite.js';

interface UnknownType extends Rewritten {
  readonly fault: 'unknown-type';
}

/** A message of a contract that the consumer does not have yet. */
export const unknownType = rewriting<UnknownType>({
  id: 'unknown-type',
  title: 'A message has a type that its consumers do not know.',
  words: ({ step }) => `${step} is of a type that nobody knows`,
  change: (message) => withHeaders(message, { 'ce-type': 'NeverHeardOf' }),
});
