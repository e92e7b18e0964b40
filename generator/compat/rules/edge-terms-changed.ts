import { concerned } from '../concerned.js';
import { isSet, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { notice } from '../verdicts.js';
import { shown } from '../wording.js';

/** What a caller may rely on, and what it does without an answer. */
export const edgeTermsChanged: CompatRule = {
  id: 'edge-terms-changed',
  title: 'A call is made on the same terms.',
  why: 'The caller goes on, fails, or reads nothing where it did otherwise before.',
  fix: 'Check that its users can live with it.',
  requirements: ['TD-45'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!isSet(change, 'edge', 'consistency', 'criticality', 'null_on')) return;
    const [from, to] = nameIn(change.subject).split('->');
    const operation = nameIn(change.subject, 'operation');
    const called = operation === '' ? `"${to}"` : `"${operation}" of "${to}"`;
    yield notice(this, change, {
      ...concerned(change, revisions),
      message: `"${from}" calls ${called} with ${change.setting} ${shown(change.after)}, was ${shown(change.before)}.`,
      order: 'any',
      level: 'patch',
    });
  },
};
