import { concerned } from '../concerned.js';
import { isNoun, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking, notice } from '../verdicts.js';
import { quoted } from '../wording.js';

/** Copies go on showing what is no longer told. */
export const entityRemoved: CompatRule = {
  id: 'entity-removed',
  title: 'An entity that somebody copies stays.',
  why: 'The copies are never told anything again: they show for ever what was true on the day of the deployment.',
  fix: 'Take the copies out first; take the entity out when nobody keeps one.',
  requirements: ['TD-45', 'TD-82'],
  mirror: 'copy-removed',
  *judge(change, revisions) {
    if (!isNoun(change, 'entity', 'removed')) return;
    const name = nameIn(change.subject);
    const said = concerned(change, revisions);
    if (said.readers.length === 0) {
      yield notice(this, change, { ...said, order: 'any', message: `entity "${name}" is gone; nobody kept a copy.` });
      return;
    }
    yield breaking(this, change, {
      ...said,
      message: `entity "${name}" is gone, and ${quoted(said.readers)} kept a copy of it.`,
      order: 'reader-first',
    });
  },
};
