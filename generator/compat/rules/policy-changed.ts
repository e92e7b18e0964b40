import { concerned } from '../concerned.js';
import { isNoun, isSet, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { notice } from '../verdicts.js';
import { shown, spoken, spokenSubject } from '../wording.js';

/** How long a caller waits, how often it tries, and when it stops. */
export const policyChanged: CompatRule = {
  id: 'policy-changed',
  title: 'Calls are made under the same policy.',
  why: 'More tries or longer waits load the provider and hold up the caller of the caller; fewer let calls fail that used to succeed.',
  fix: 'Compare deadlines and tries along the whole chain of calls.',
  requirements: ['TD-45'],
  mirror: { none: 'Only the caller has a policy.' },
  *judge(change, revisions) {
    const isPolicy = change.kind === 'set' && (change.noun === 'policy' || isSet(change, 'edge', 'policy'));
    if (isPolicy) {
      const what =
        change.noun === 'policy'
          ? `policy "${nameIn(change.subject)}" has ${change.setting}`
          : `${spokenSubject(change.subject)} is called under policy`;
      const isTime = /(timeout|deadline|interval|slow_call|open_for|ttl|stale_if_error|per)$/.test(change.setting);
      const [after, before] = [change.after, change.before].map((value) => (isTime ? spoken(value) : shown(value)));
      const message = `${what} ${after}, was ${before}.`;
      yield notice(this, change, { ...concerned(change, revisions), message, order: 'any', level: 'patch' });
    } else if (isNoun(change, 'policy', 'removed')) {
      const message = `policy "${nameIn(change.subject)}" is gone.`;
      yield notice(this, change, { ...concerned(change, revisions), message, order: 'any', level: 'patch' });
    }
  },
};
