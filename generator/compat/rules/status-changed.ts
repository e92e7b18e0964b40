import { calledBy } from '../http/callers.js';
import { response } from '../http/sides.js';
import { successorOf } from '../http/statuses.js';
import { isNoun, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking } from '../verdicts.js';

export const statusChanged: CompatRule = {
  id: 'status-changed',
  title: 'An operation that succeeds says so with the same status.',
  why: 'Clients that wait for the old status take the new one for a failure.',
  fix: 'Keep the old status, or teach every client the new one first.',
  requirements: ['TD-45', 'TD-82'],
  mirror: { none: 'Requests have no status.' },
  *judge(change, revisions) {
    if (!isNoun(change, 'response', 'removed')) return;
    const called = calledBy(change, revisions);
    const to = successorOf(nameIn(change.subject, 'response'), called);
    if (to === undefined) return;
    yield breaking(this, change, {
      message: `operation "${called.name}" (${called.route}) answers ${to} where it answered ${nameIn(change.subject, 'response')}.`,
      order: 'reader-first',
      ...response(called),
    });
  },
};
