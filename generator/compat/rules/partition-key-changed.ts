import type { Change } from '../change.js';
import { concerned } from '../concerned.js';
import { isSet, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking } from '../verdicts.js';
import { shown } from '../wording.js';

/** Which partition a message falls into. */
export const partitionKeyChanged: CompatRule = {
  id: 'partition-key-changed',
  title: 'Messages about one thing stay in one partition.',
  why: 'Older messages wait in one partition while newer ones overtake them in another.',
  fix: 'Stop the senders, let the consumers run empty, then switch; or use a new topic.',
  requirements: ['DH-61', 'TD-45'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!(change.kind === 'set' && (isKey(change) || isSet(change, 'channel', 'bindings.kafka.partitions')))) return;
    const what = isKey(change) ? 'partition key' : 'partitions';
    yield breaking(this, change, {
      ...concerned(change, revisions),
      message: `${change.noun} "${nameIn(change.subject)}" has ${what} ${shown(change.after)}, was ${shown(change.before)}.`,
      order: 'never',
      breaksStored: true,
    });
  },
};

/** The key schema of a Kafka binding, or a part of it. */
function isKey(change: Change): boolean {
  return change.kind === 'set' && /^bindings\.kafka\.key(\.|$)/.test(change.setting);
}
