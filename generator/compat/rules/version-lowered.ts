import { concerned } from '../concerned.js';
import { isSet, nameIn } from '../matching.js';
import { isLower } from '../ranges.js';
import type { CompatRule } from '../rule.js';
import { notice } from '../verdicts.js';
import { shown } from '../wording.js';

/** A version that goes back. */
export const versionLowered: CompatRule = {
  id: 'version-lowered',
  title: 'Versions only rise.',
  why: 'Whoever compares versions takes the newer contract for the older one.',
  fix: 'Give it a version above the last one.',
  requirements: ['TD-46', 'TD-83'],
  mirror: { none: 'Consumers compare with one version.' },
  *judge(change, revisions) {
    if (
      !(
        (isSet(change, 'service', 'version') || isSet(change, 'feature', 'version')) &&
        isLower(change.after, change.before) === true
      )
    )
      return;
    yield notice(this, change, {
      ...concerned(change, revisions),
      message: `${change.noun} "${nameIn(change.subject)}" is at ${shown(change.after)}, was ${shown(change.before)}.`,
      order: 'any',
    });
  },
};
