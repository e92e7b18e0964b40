import { concerned } from '../concerned.js';
import { isSet, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { unknown } from '../verdicts.js';

/** What is not described cannot be compared. */
export const messagePayloadUndeclared: CompatRule = {
  id: 'message-payload-undeclared',
  title: 'The payload of a message is described in both revisions.',
  why: 'Without a description on one side nobody can tell whether old messages are still understood.',
  fix: 'Describe the payload, or accept the change with a reason.',
  requirements: ['DH-61', 'SE-45'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!isSet(change, 'message', 'payload', 'headers')) return;
    const name = nameIn(change.subject);
    const said = concerned(change, revisions);
    const part = change.setting === 'payload' ? 'the payload' : 'the headers';
    const message =
      change.after === true
        ? `message "${name}" describes ${part}, which nothing described before.`
        : `message "${name}" no longer describes ${part}.`;
    yield unknown(this, change, { ...said, message, order: 'never' });
  },
};
