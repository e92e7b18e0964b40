import { concerned } from '../concerned.js';
import { isNoun } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking } from '../verdicts.js';

/** The name of a message is what consumers tell it by. */
export const messageRenamed: CompatRule = {
  id: 'message-renamed',
  title: 'A message keeps its name.',
  why: 'A consumer that does not know the new name lets the message pass, or sends it to its dead letters; one that has forgotten the old name cannot read what is stored.',
  fix: 'Send the new message beside the old one until nobody reads the old one, and no queue, outbox or dead letter holds it.',
  requirements: ['TD-45', 'DH-61'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!isNoun(change, 'message', 'renamed')) return;
    yield breaking(this, change, {
      ...concerned(change, revisions),
      message: `message "${change.from}" is called "${change.to}".`,
      order: 'never',
      breaksStored: true,
    });
  },
};
