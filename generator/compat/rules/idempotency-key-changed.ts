import { concerned } from '../concerned.js';
import type { CompatRule } from '../rule.js';
import { breaking, notice } from '../verdicts.js';
import { shown, spokenSubject } from '../wording.js';

/** What makes two messages one. */
export const idempotencyKeyChanged: CompatRule = {
  id: 'idempotency-key-changed',
  title: 'What is done only once is recognised as before.',
  why: 'What was done under the old key is not known under the new one: whatever is delivered or tried again across the change is done twice.',
  fix: 'Recognise both keys until no message, retry or dead letter from before is left.',
  requirements: ['DH-61', 'TD-45'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (change.kind !== 'set') return;
    if (change.setting !== 'idempotency_key' && change.setting !== 'compensate.idempotency_key') return;
    const said = concerned(change, revisions);
    const message = `${spokenSubject(change.subject)} recognises what it has done by ${shown(change.after)}, was by ${shown(change.before)}.`;
    if (change.before === undefined) yield notice(this, change, { ...said, message, order: 'any' });
    else yield breaking(this, change, { ...said, message, order: 'never', breaksStored: true });
  },
};
