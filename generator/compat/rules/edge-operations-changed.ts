import { concerned } from '../concerned.js';
import { isSet, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { safe } from '../verdicts.js';
import { shown } from '../wording.js';

/** A caller that calls something else. */
export const edgeOperationsChanged: CompatRule = {
  id: 'edge-operations-changed',
  title: 'What a caller calls is there before it.',
  why: 'Called before the provider serves it, it fails.',
  fix: 'Deploy the provider first if the operation is new, too.',
  requirements: ['TD-44'],
  mirror: { none: 'Whether the provider serves it is judged as an operation.' },
  *judge(change, revisions) {
    if (!isSet(change, 'edge', 'operations')) return;
    const [from, to] = nameIn(change.subject).split('->');
    yield safe(this, change, {
      ...concerned(change, revisions),
      message: `"${from}" calls ${shown(change.after)} of "${to}", was ${shown(change.before)}.`,
      order: 'reader-first',
      level: 'patch',
    });
  },
};
