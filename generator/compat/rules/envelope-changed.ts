import { readersOf, servicesIn, together, writersOf } from '../affected.js';
import { nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking, unknown } from '../verdicts.js';
import { shown } from '../wording.js';

/** Where a message carries its id, its time and its version. */
export const envelopeChanged: CompatRule = {
  id: 'envelope-changed',
  title: 'The envelope of messages stays where it is.',
  why: 'Whoever was built before looks for it where it was: messages are not told apart, not put in order, or refused.',
  fix: 'Carry it at both places until everybody reads the new one and nothing stored has only the old one.',
  requirements: ['TD-45', 'DH-61'],
  mirror: { none: 'Sender and receivers take the envelope from one place.' },
  *judge(change, revisions) {
    if (change.kind !== 'set' || change.noun !== 'system' || !change.setting.startsWith('envelope.')) return;
    const attribute = change.setting.slice('envelope.'.length);
    const names = [...revisions.before.messages.keys(), ...revisions.after.messages.keys()];
    const readers = readersOf(revisions, ...names);
    const writers = writersOf(revisions, ...names);
    const said = {
      message: `messages of system "${nameIn(change.subject)}" carry their ${attribute} at ${shown(change.after)}, was ${shown(change.before)}.`,
      order: 'never',
      writers: servicesIn(writers),
      readers: servicesIn(readers),
      affected: together(readers, writers),
      breaksStored: true,
    } as const;
    // What is not written is found by the fields that a message has: it may have been there all the time.
    if (change.before === undefined || change.after === undefined) yield unknown(this, change, said);
    else yield breaking(this, change, said);
  },
};
