import { concerned } from '../concerned.js';
import { isSet, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { notice } from '../verdicts.js';
import { shown } from '../wording.js';

/** Which service is deployed before which. */
export const deployOrderChanged: CompatRule = {
  id: 'deploy-order-changed',
  title: 'The order of deployment stays.',
  why: 'A pipeline that was built for the old order deploys in the wrong one.',
  fix: 'Change the pipelines with it.',
  requirements: ['TD-72'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!isSet(change, 'feature', 'deploy.order', 'deploy.strategy')) return;
    yield notice(this, change, {
      ...concerned(change, revisions),
      message: `feature "${nameIn(change.subject)}" has ${change.setting} ${shown(change.after)}, was ${shown(change.before)}.`,
      order: 'any',
      level: 'patch',
    });
  },
};
