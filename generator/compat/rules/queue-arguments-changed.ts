import { concerned } from '../concerned.js';
import { nameIn } from '../matching.js';
import { queueOf } from '../queues.js';
import type { CompatRule } from '../rule.js';
import { breaking } from '../verdicts.js';
import { quoted, shown } from '../wording.js';

/** What a queue or an exchange was declared with. */
export const queueArgumentsChanged: CompatRule = {
  id: 'queue-arguments-changed',
  title: 'A queue keeps what it was declared with.',
  why: 'A broker refuses to declare a queue again with other arguments (406, precondition failed) and closes the channel: the service does not start.',
  fix: 'Declare a new queue beside the old one and let the old one run empty; or delete it when it is empty.',
  requirements: ['TD-45'],
  mirror: { none: 'Sender and receivers declare the same queue.' },
  *judge(change, revisions) {
    if (
      !(
        change.kind === 'set' &&
        change.noun === 'channel' &&
        /^bindings\.amqp\.(queue|exchange)\.|^bindings\.amqp\.x-/.test(change.setting)
      )
    )
      return;
    const readers = concerned(change, revisions).readers.map((service) => queueOf(revisions.before, service));
    const what =
      /exchange\./.test(change.setting) || readers.length === 0
        ? 'what is declared on the broker'
        : `${quoted(readers)} on the broker`;
    yield breaking(this, change, {
      ...concerned(change, revisions),
      message: `channel "${nameIn(change.subject)}" declares ${change.setting.slice('bindings.amqp.'.length)} as ${shown(change.after)}, was ${shown(change.before)}; ${what} ${readers.length > 1 ? 'have' : 'has'} the old one.`,
      order: 'never',
    });
  },
};
