import { calledBy } from '../http/callers.js';
import { response } from '../http/sides.js';
import { isCovered, isSuccess, successorOf } from '../http/statuses.js';
import { isNoun, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking, safe } from '../verdicts.js';

export const statusRemoved: CompatRule = {
  id: 'status-removed',
  title: 'A success that clients know stays possible.',
  why: 'Clients wait for a status that never comes.',
  fix: 'Keep answering with it, or teach every client to do without it first.',
  requirements: ['TD-45', 'TD-82'],
  mirror: 'status-added',
  *judge(change, revisions) {
    if (!isNoun(change, 'response', 'removed')) return;
    const called = calledBy(change, revisions);
    const status = nameIn(change.subject, 'response');
    if (successorOf(status, called) !== undefined) return;
    const said = {
      message: `operation "${called.name}" (${called.route}) no longer answers ${status}.`,
      order: 'reader-first' as const,
      ...response(called),
    };
    yield isSuccess(status) && !isCovered(status, called.after)
      ? breaking(this, change, said)
      : safe(this, change, { ...said, order: 'any', affected: [] });
  },
};
