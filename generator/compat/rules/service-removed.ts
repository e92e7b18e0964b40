import { concerned } from '../concerned.js';
import { isNoun, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking, notice } from '../verdicts.js';
import { quoted } from '../wording.js';

/** A service that others work with. */
export const serviceRemoved: CompatRule = {
  id: 'service-removed',
  title: 'A service that others work with stays.',
  why: 'Calls to it fail, and what it was told is told to nobody.',
  fix: 'Move what it does, then those who work with it, then take it out.',
  requirements: ['TD-45', 'TD-82'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!isNoun(change, 'service', 'removed')) return;
    const name = nameIn(change.subject);
    const said = concerned(change, revisions);
    if (said.readers.length === 0) {
      yield notice(this, change, {
        ...said,
        message: `service "${name}" is gone; nobody worked with it.`,
        order: 'any',
      });
      return;
    }
    yield breaking(this, change, {
      ...said,
      message: `service "${name}" is gone, and ${quoted(said.readers)} worked with it.`,
      order: 'reader-first',
      breaksStored: true,
    });
  },
};
