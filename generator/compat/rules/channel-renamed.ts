import { concerned } from '../concerned.js';
import { isNoun } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { safe } from '../verdicts.js';

/** The id of a channel is a name within the documents. */
export const channelRenamed: CompatRule = {
  id: 'channel-renamed',
  title: 'A channel may have another id.',
  why: 'Nothing travels differently: the address is the same.',
  fix: 'Nothing has to be done.',
  requirements: ['TD-44'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!isNoun(change, 'channel', 'renamed')) return;
    yield safe(this, change, {
      ...concerned(change, revisions),
      message: `channel "${change.from}" is called "${change.to}"; its address is the same.`,
      order: 'any',
      level: 'patch',
    });
  },
};
