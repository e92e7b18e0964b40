import { concerned } from '../concerned.js';
import { isSet, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking } from '../verdicts.js';
import { shown } from '../wording.js';

/** Whoever runs a saga has the state of its instances. */
export const sagaOrchestratorMoved: CompatRule = {
  id: 'saga-orchestrator-moved',
  title: 'A saga is run by the same service.',
  why: 'The instances that are under way are stored with the old one; the new one does not know them.',
  fix: 'Let the instances that are under way end before this is deployed, or start new ones under a new name and keep the old saga until none of its instances is left.',
  requirements: ['TD-45'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!isSet(change, 'saga', 'orchestrator', 'style')) return;
    yield breaking(this, change, {
      ...concerned(change, revisions),
      message: `saga "${nameIn(change.subject)}" has ${change.setting} ${shown(change.after)}, was ${shown(change.before)}.`,
      order: 'never',
      breaksStored: true,
    });
  },
};
