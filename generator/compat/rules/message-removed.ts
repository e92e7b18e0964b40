import type { Model } from '../../model/types.js';
import { concerned } from '../concerned.js';
import { isNoun, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { notice, unknown } from '../verdicts.js';

/** What a message looks like is no longer written anywhere. */
export const messageRemoved: CompatRule = {
  id: 'message-removed',
  title: 'A message that is sent is described.',
  why: 'Nobody can check what is sent against anything, and consumers are generated without its types.',
  fix: 'Take it out of the features first, then out of the document.',
  requirements: ['TD-45', 'DH-61'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!isNoun(change, 'message', 'removed')) return;
    const name = nameIn(change.subject);
    const said = concerned(change, revisions);
    if (isNamed(revisions.after, name)) {
      const message = `message "${name}" is sent, and no document describes it any more.`;
      yield unknown(this, change, { ...said, message, order: 'never' });
    } else if (!isNamed(revisions.before, name)) {
      yield notice(this, change, { ...said, message: `message "${name}" is gone; nobody sent it.`, order: 'any' });
    }
  },
};

/** Whether a feature speaks of the message: what is gone with its event, entity or command is judged there. */
function isNamed(model: Model, message: string): boolean {
  return (
    [...model.events.values()].some((event) => event.message === message) ||
    [...model.entities.values()].some((entity) => entity.event === message) ||
    [...model.commands.values()].some((command) => command.message === message || command.reply === message)
  );
}
