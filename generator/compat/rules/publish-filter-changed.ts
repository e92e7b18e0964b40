import { concerned } from '../concerned.js';
import { isSet, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { notice, unknown } from '../verdicts.js';
import { shown } from '../wording.js';

/** Whether a condition admits more or less than another is not decided here. */
export const publishFilterChanged: CompatRule = {
  id: 'publish-filter-changed',
  title: 'What an owner tells stays told.',
  why: 'Whoever is no longer told keeps the last state that was told; whoever is told of more stores things that were never meant for the copy.',
  fix: 'Tell the consumers what leaves and what arrives, then run a full sync.',
  requirements: ['TD-45'],
  mirror: 'consumer-filter-changed',
  *judge(change, revisions) {
    if (!isSet(change, 'entity', 'publish_when')) return;
    const name = nameIn(change.subject);
    const said = concerned(change, revisions);
    if (change.after === undefined) {
      const message = `entity "${name}" is told whatever it is; before only when ${shown(change.before)}.`;
      yield notice(this, change, { ...said, order: 'reader-first', message });
      return;
    }
    const then = change.before === undefined ? 'always' : `when ${shown(change.before)}`;
    const message = `entity "${name}" is told only when ${shown(change.after)}, was told ${then}; some may never be told again.`;
    yield unknown(this, change, { ...said, order: 'any', message });
  },
};
