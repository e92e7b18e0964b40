import { concerned } from '../concerned.js';
import { isSet, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking } from '../verdicts.js';
import { shown } from '../wording.js';

/** How an answer finds its instance. */
export const sagaCorrelationChanged: CompatRule = {
  id: 'saga-correlation-changed',
  title: 'A saga knows its instances by the same key.',
  why: 'Answers to instances that are under way carry the old key and find nobody.',
  fix: 'Let the instances that are under way end before this is deployed, or start new ones under a new name and keep the old saga until none of its instances is left.',
  requirements: ['TD-45'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!isSet(change, 'saga', 'correlation_key')) return;
    yield breaking(this, change, {
      ...concerned(change, revisions),
      message: `saga "${nameIn(change.subject)}" knows its instances by ${shown(change.after)}, was ${shown(change.before)}.`,
      order: 'never',
      breaksStored: true,
    });
  },
};
