import { concerned } from '../concerned.js';
import { nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { unknown } from '../verdicts.js';
import { shown } from '../wording.js';

/** What a broker is told that seamwright does not interpret. */
export const bindingChanged: CompatRule = {
  id: 'binding-changed',
  title: 'What a broker is told stays the same.',
  why: 'The word means something to the broker; whether old and new can work side by side only its documentation says.',
  fix: 'Look it up, then accept the change with a reason.',
  requirements: ['TD-45'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!(change.kind === 'set' && change.setting.startsWith('bindings.') && !judgedElsewhere.test(change.setting)))
      return;
    yield unknown(this, change, {
      ...concerned(change, revisions),
      message: `${change.noun} "${nameIn(change.subject)}" has ${change.setting} ${shown(change.after)}, was ${shown(change.before)}.`,
      order: 'never',
    });
  },
};

/** Bindings that other rules understand. */
const judgedElsewhere = /^bindings\.(kafka\.(key|partitions)(\.|$)|amqp\.(queue|exchange)\.|amqp\.x-)/;
