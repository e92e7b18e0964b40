import { type Rewritten, rewriting, withHeaders } from './rewrite.js';

interface ForgedSender extends Rewritten {
  readonly fault: 'forged-sender';
}

/** Somebody who may not send it, under another's name: the signature is not the sender's. */
export const forgedSender = rewriting<ForgedSender>({
  id: 'forged-sender',
  title: 'A message comes from somebody who may not send it.',
  words: ({ step }) => `${step} sent by a stranger`,
  change: (message) => withHeaders(message, { 'ce-source': 'stranger' }),
});
