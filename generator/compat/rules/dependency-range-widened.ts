import { concerned } from '../concerned.js';
import { isSet, nameIn } from '../matching.js';
import { rangesOf, within } from '../ranges.js';
import type { CompatRule } from '../rule.js';
import { safe } from '../verdicts.js';
import { shown } from '../wording.js';

/** A consumer that works with more. */
export const dependencyRangeWidened: CompatRule = {
  id: 'dependency-range-widened',
  title: 'A dependency range may admit more versions.',
  why: 'What was admitted is admitted still.',
  fix: 'Nothing has to be done.',
  requirements: ['TD-46'],
  mirror: { none: 'A provider cannot be hurt by being admitted.' },
  *judge(change, revisions) {
    if (!(isSet(change, 'dependency', 'range') && within(rangesOf(change.before), rangesOf(change.after)) === true))
      return;
    const [consumer, provider] = nameIn(change.subject).split('->');
    yield safe(this, change, {
      ...concerned(change, revisions),
      message: `"${consumer}" needs "${provider}" in ${shown(change.after)}, was ${shown(change.before)}; that admits no less.`,
      order: 'any',
      level: 'patch',
    });
  },
};
