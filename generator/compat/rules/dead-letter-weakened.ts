import { concerned } from '../concerned.js';
import { nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { notice } from '../verdicts.js';
import { spoken } from '../wording.js';

/** What happens to messages that nobody could handle. */
export const deadLetterWeakened: CompatRule = {
  id: 'dead-letter-weakened',
  title: 'Poisonous messages are kept as long as before.',
  why: 'A message that could not be handled is thrown away sooner, before anybody has looked at it.',
  fix: 'Look at the dead letters that are there before this is deployed.',
  requirements: ['TD-45'],
  mirror: { none: 'Only the receiving side keeps dead letters.' },
  *judge(change, revisions) {
    if (change.kind !== 'set' || !change.setting.startsWith('dead_letter.')) return;
    const said = concerned(change, revisions);
    const what = `${change.noun} "${nameIn(change.subject)}"`;
    const after = Number(change.after);
    const isLess =
      change.after !== undefined && after < (change.before === undefined ? Infinity : Number(change.before));
    if (change.setting === 'dead_letter.enabled' && change.after === false) {
      const message = `messages of ${what} that fail are no longer kept as dead letters.`;
      yield notice(this, change, { ...said, message, order: 'any' });
    } else if (change.setting === 'dead_letter.max_deliveries' && isLess) {
      const message = `messages of ${what} are given up after ${change.after} deliveries, was ${change.before}.`;
      yield notice(this, change, { ...said, message, order: 'any' });
    } else if (change.setting === 'dead_letter.retention' && isLess) {
      const message = `dead letters of ${what} are kept for ${spoken(change.after)}, was ${spoken(change.before)}.`;
      yield notice(this, change, { ...said, message, order: 'any' });
    }
  },
};
