import type { Model } from '../../model/types.js';
import { concerned } from '../concerned.js';
import { isNoun, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { safe } from '../verdicts.js';

/** A definition that nobody uses yet. */
export const messageAdded: CompatRule = {
  id: 'message-added',
  title: 'A new message hurts nobody.',
  why: 'Nobody sends it until a contract says so.',
  fix: 'Nothing has to be done.',
  requirements: ['TD-44'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!isNoun(change, 'message', 'added')) return;
    // Whoever uses it says so: an event, an entity, a command.
    if (isUsed(revisions.after, nameIn(change.subject))) return;
    yield safe(this, change, {
      ...concerned(change, revisions),
      message: `message "${nameIn(change.subject)}" is new.`,
      order: 'any',
    });
  },
};

function isUsed(model: Model, message: string): boolean {
  return (
    [...model.events.values()].some((event) => event.message === message) ||
    [...model.entities.values()].some((entity) => entity.event === message) ||
    [...model.commands.values()].some((command) => command.message === message || command.reply === message)
  );
}
