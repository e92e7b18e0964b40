import { concerned } from '../concerned.js';
import { isSet, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking, notice, safe } from '../verdicts.js';
import { quoted, shown } from '../wording.js';

/** Copies fill themselves from an operation of the owner. */
export const fullSyncChanged: CompatRule = {
  id: 'full-sync-changed',
  title: 'Copies find what they fill themselves from.',
  why: 'A service that starts anew, or has missed messages, asks the owner for everything. Without an answer its copy stays incomplete.',
  fix: 'Serve the old way until every service that copies the entity is deployed.',
  requirements: ['TD-45'],
  mirror: { none: 'The operation itself is judged as an operation of its provider.' },
  *judge(change, revisions) {
    if (!isSet(change, 'entity', 'full_sync', 'full_sync.operationId')) return;
    const name = nameIn(change.subject);
    const said = concerned(change, revisions);
    if (change.setting === 'full_sync.operationId') {
      // Whether there is one at all is the other setting.
      if (change.before === undefined || change.after === undefined) return;
      const message = `copies of "${name}" are filled by ${shown(change.after)}, was by ${shown(change.before)}.`;
      yield notice(this, change, { ...said, message, order: 'writer-first' });
    } else if (change.after === true) {
      yield safe(this, change, {
        ...said,
        message: `copies of "${name}" can be filled by a full sync.`,
        order: 'writer-first',
      });
    } else if (said.readers.length > 0) {
      const message = `copies of "${name}" can no longer be filled by a full sync; ${quoted(said.readers)} may ask for one.`;
      yield breaking(this, change, { ...said, message, order: 'reader-first' });
    }
  },
};
