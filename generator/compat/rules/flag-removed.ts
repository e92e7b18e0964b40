import { concerned } from '../concerned.js';
import { isNoun, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { notice } from '../verdicts.js';

/** A switch that is no longer there. */
export const flagRemoved: CompatRule = {
  id: 'flag-removed',
  title: 'A flag that is set somewhere stays.',
  why: 'Where it was switched off the feature goes on with the deployment, and nothing can switch it off.',
  fix: 'Switch it on everywhere first.',
  requirements: ['TD-45'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!isNoun(change, 'flag', 'removed', 'renamed')) return;
    yield notice(this, change, {
      ...concerned(change, revisions),
      message: `flag "${change.from ?? nameIn(change.subject)}" is gone${change.to === undefined ? '' : `; "${change.to}" is in its place`}.`,
      order: 'any',
    });
  },
};
