import { calledBy } from '../http/callers.js';
import { request } from '../http/sides.js';
import { isNoun } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { notice } from '../verdicts.js';

export const operationRenamed: CompatRule = {
  id: 'operation-renamed',
  title: 'An operation keeps its operationId.',
  why: 'Requests are the same; the method of every generated client has another name, so clients that are built again must be changed.',
  fix: 'Keep the old operationId, or change the calls with it.',
  requirements: ['TD-45', 'TD-82'],
  mirror: { none: 'A name is the same to both sides.' },
  *judge(change, revisions) {
    if (!isNoun(change, 'operation', 'renamed')) return;
    const called = calledBy(change, revisions);
    yield notice(this, change, {
      message: `operation "${change.from ?? ''}" is called "${change.to ?? called.name}" now (${called.route}).`,
      order: 'any',
      ...request(called),
    });
  },
};
