import { concerned } from '../concerned.js';
import { channelNames } from '../diff/channels.js';
import { isSet, nameIn } from '../matching.js';
import type { CompatRule, Revisions } from '../rule.js';
import { breaking } from '../verdicts.js';
import { shown } from '../wording.js';

/** Where a channel lives on the broker. */
export const exchangeChanged: CompatRule = {
  id: 'exchange-changed',
  title: 'A channel stays on its exchange or topic.',
  why: 'Queues are bound to the old one, and an exchange cannot change its kind: the broker refuses to declare it again and closes the connection.',
  fix: 'Declare the new one beside the old one, bind the queues to both, switch the senders, then delete the old one.',
  requirements: ['TD-45'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!isSet(change, 'channel', 'exchange.name', 'exchange.kind')) return;
    const what = change.setting === 'exchange.name' ? 'the exchange or topic' : 'an exchange of kind';
    // One that moves away gets what it needs there.
    if (change.setting === 'exchange.kind' && hasMoved(nameIn(change.subject), revisions)) return;
    yield breaking(this, change, {
      ...concerned(change, revisions),
      message: `channel "${nameIn(change.subject)}" lives on ${what} ${shown(change.after)}, was ${shown(change.before)}.`,
      order: 'never',
      breaksStored: true,
    });
  },
};

function hasMoved(name: string, { before, after }: Revisions): boolean {
  const names = channelNames(before, after);
  return names.before.get(name)?.exchange.name !== names.after.get(name)?.exchange.name;
}
