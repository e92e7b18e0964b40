import { concerned } from '../concerned.js';
import { isSet, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking, notice } from '../verdicts.js';
import { shown } from '../wording.js';

/** A deletion that is told in a way that a consumer does not know is no deletion for it. */
export const deleteModeChanged: CompatRule = {
  id: 'delete-mode-changed',
  title: 'Deletions are told as before.',
  why: 'A consumer that looks for a field never sees the tombstone, one that waits for the tombstone never sees the field: what was deleted stays in its copy.',
  fix: 'Let the consumers understand both ways, switch the owner, let the queues run empty, then take the old way out.',
  requirements: ['TD-45'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!isSet(change, 'entity', 'delete.mode', 'delete.field')) return;
    const name = nameIn(change.subject);
    const modes = [revisions.before, revisions.after].map((model) => model.entities.get(name)?.delete.mode);
    // The field goes with the mode: one change, told once.
    if (change.setting === 'delete.field' && modes[0] !== modes[1]) return;
    const said = concerned(change, revisions);
    const message = `deletions of "${name}" are told as ${shown(change.after)}, was ${shown(change.before)}.`;
    if (change.after === 'never') yield notice(this, change, { ...said, message, order: 'any' });
    else if (change.before === 'never') yield breaking(this, change, { ...said, message, order: 'reader-first' });
    else yield breaking(this, change, { ...said, message, order: 'never', breaksStored: true });
  },
};
