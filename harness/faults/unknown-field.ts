import { bodyOf, type Rewritten, rewriting, withBody } from './rewrite.js';

interface UnknownField extends Rewritten {
  readonly fault: 'unknown-field';
}

/** A newer producer says more than the consumer's contract knows. */
export const unknownField = rewriting<UnknownField>({
  id: 'unknown-field',
  title: 'A message has a field that its consumers do not know.',
  words: ({ step }) => `${step} has a field that nobody knows`,
  change(message) {
    const body = bodyOf(message);
    const object = typeof body === 'object' && body !== null && !Array.isArray(body);
    return object ? withBody(message, JSON.stringify({ ...body, fieldOfTheNextVersion: true })) : message;
  },
});
