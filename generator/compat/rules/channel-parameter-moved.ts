import { concerned } from '../concerned.js';
import { nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking } from '../verdicts.js';
import { shown } from '../wording.js';

/** What a variable part of an address is filled from. */
export const channelParameterMoved: CompatRule = {
  id: 'channel-parameter-moved',
  title: 'A part of an address is filled from the same field.',
  why: 'A message about one thing goes to another address than the messages before it: receivers that listen to a part of the addresses lose it, and its order.',
  fix: 'Add a channel for the new addresses, send to both, then take the old one out.',
  requirements: ['TD-45', 'DH-61'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!(change.kind === 'set' && change.noun === 'channel' && change.setting.startsWith('parameters.'))) return;
    // A parameter that appears or goes is another address, which is judged as that.
    if (change.before === undefined || change.after === undefined) return;
    yield breaking(this, change, {
      ...concerned(change, revisions),
      message: `parameter "${change.setting.slice('parameters.'.length)}" of channel "${nameIn(change.subject)}" is filled from ${shown(change.after)}, was ${shown(change.before)}.`,
      order: 'never',
      breaksStored: true,
    });
  },
};
