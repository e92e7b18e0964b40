import { calledBy } from '../http/callers.js';
import { response } from '../http/sides.js';
import { isCovered, isSuccess, isSuccessor } from '../http/statuses.js';
import { isNoun, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking, notice, safe } from '../verdicts.js';

export const statusAdded: CompatRule = {
  id: 'status-added',
  title: 'A status that clients do not know comes when they are ready for it.',
  why: 'A new success is taken for a failure; a new failure is handled as any other, or not at all.',
  fix: 'Teach clients the status first.',
  requirements: ['TD-45', 'TD-82'],
  mirror: 'status-removed',
  *judge(change, revisions) {
    if (!isNoun(change, 'response', 'added')) return;
    const called = calledBy(change, revisions);
    const status = nameIn(change.subject, 'response');
    if (isSuccessor(status, called)) return;
    const said = {
      message: `operation "${called.name}" (${called.route}) may answer ${status} now.`,
      order: 'reader-first' as const,
      ...response(called),
    };
    if (isCovered(status, called.before)) yield safe(this, change, { ...said, order: 'any', affected: [] });
    else yield isSuccess(status) ? breaking(this, change, said) : notice(this, change, said);
  },
};
