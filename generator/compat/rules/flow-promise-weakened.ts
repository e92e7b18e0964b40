import { concerned } from '../concerned.js';
import { isNoun, isSet, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { notice } from '../verdicts.js';
import { shown, spoken } from '../wording.js';

/** What a flow promises from end to end. */
export const flowPromiseWeakened: CompatRule = {
  id: 'flow-promise-weakened',
  title: 'A flow promises what it promised.',
  why: 'Whoever relies on the promise finds out only when it does not hold.',
  fix: 'Tell those who rely on it.',
  requirements: ['TD-45'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (isNoun(change, 'flow', 'removed')) {
      const message = `flow "${nameIn(change.subject)}" is gone, with what it promised.`;
      yield notice(this, change, { ...concerned(change, revisions), message, order: 'any', level: 'patch' });
      return;
    }
    if (!isSet(change, 'flow', 'converge_within', 'expect')) return;
    const before = Array.isArray(change.before) ? change.before : [];
    const after = Array.isArray(change.after) ? change.after : [];
    const gone = before.filter((promise) => !after.includes(promise));
    const isLonger = Math.max(...after.map(bound)) > Math.max(...before.map(bound));
    if (change.setting === 'expect' ? gone.length === 0 : !isLonger) return;
    const message =
      change.setting === 'expect'
        ? `flow "${nameIn(change.subject)}" no longer promises ${shown(gone)}.`
        : `flow "${nameIn(change.subject)}" ends within ${after.map(spoken).join(', ')}, was ${before.map(spoken).join(', ')}.`;
    yield notice(this, change, { ...concerned(change, revisions), message, order: 'any', level: 'patch' });
  },
};

/** No bound is the longest. */
function bound(ms: unknown): number {
  return typeof ms === 'number' ? ms : Number.POSITIVE_INFINITY;
}
