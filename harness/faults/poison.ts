import { type Rewritten, rewriting, withBody } from './rewrite.js';

interface Poison extends Rewritten {
  readonly fault: 'poison';
  /** `undecodable`: no JSON at all. `invalid`: JSON that is not what the contract says. */
  readonly how: 'undecodable' | 'invalid';
}

/** A message that nobody can ever handle: it has to go aside, and to keep nobody else waiting. */
export const poison = rewriting<Poison>({
  id: 'poison',
  title: 'A message is broken: no JSON, or none that its contract allows.',
  words: ({ step, how }) => `${step} is ${how === 'invalid' ? 'against its contract' : 'unreadable'}`,
  fields: { how: 'string' },
  change: (message, { how }) => withBody(message, how === 'invalid' ? '["no", "such", "message"]' : '{"half a mess'),
});
