import { concerned } from '../concerned.js';
import { isNoun, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { safe } from '../verdicts.js';
import { shown } from '../wording.js';

/** A place that nobody sends to yet. */
export const channelAdded: CompatRule = {
  id: 'channel-added',
  title: 'A new channel hurts nobody.',
  why: 'Nobody listens to it until a contract says so.',
  fix: 'Nothing has to be done.',
  requirements: ['TD-44'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!isNoun(change, 'channel', 'added')) return;
    yield safe(this, change, {
      ...concerned(change, revisions),
      message: `channel "${nameIn(change.subject)}" is new, at ${shown(change.facts?.address)}.`,
      order: 'any',
    });
  },
};
