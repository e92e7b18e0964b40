import { payloadOf } from '../../model/payload.js';
import { concerned } from '../concerned.js';
import { isSet, nameIn } from '../matching.js';
import type { CompatRule, Revisions } from '../rule.js';
import { breaking } from '../verdicts.js';
import { shown } from '../wording.js';

/** Where the entity lies in its message. */
export const entityPayloadMoved: CompatRule = {
  id: 'entity-payload-moved',
  title: 'An entity keeps its place in the message.',
  why: 'Consumers of the old contract look for it where it was and refuse the message, or store the wrong part of it.',
  fix: 'Send a new message that has the entity at the new place beside the old one, until nobody reads the old one.',
  requirements: ['TD-45', 'DH-61'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!isSet(change, 'entity', 'payload')) return;
    // Without a payload nobody says where the entity lies, and another message has places of its own.
    if (!isComparable(nameIn(change.subject), revisions)) return;
    yield breaking(this, change, {
      ...concerned(change, revisions),
      message: `entity "${nameIn(change.subject)}" lies at ${place(change.after)} of its message, was at ${place(change.before)}.`,
      order: 'never',
      breaksStored: true,
    });
  },
};

function place(value: unknown): string {
  return value === '' ? 'the whole' : shown(value);
}

function isComparable(name: string, { before, after }: Revisions): boolean {
  const [older, newer] = [before, after].map((model) => {
    const event = model.entities.get(name)?.event;
    return event === undefined || payloadOf(model, event) === undefined ? undefined : event;
  });
  return older !== undefined && older === newer;
}
