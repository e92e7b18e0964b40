import { calledBy } from '../http/callers.js';
import { request } from '../http/sides.js';
import { isSet } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking } from '../verdicts.js';

export const operationPathChanged: CompatRule = {
  id: 'operation-path-changed',
  title: 'An operation keeps its path.',
  why: 'Clients call it where it is no longer: every call fails, in whatever order both sides are shipped.',
  fix: 'Answer under both paths until nobody uses the old one.',
  requirements: ['TD-45', 'TD-82'],
  mirror: { none: 'A request goes to one place.' },
  *judge(change, revisions) {
    if (!isSet(change, 'operation', 'path')) return;
    const called = calledBy(change, revisions);
    const was = called.before?.definition.path ?? '';
    yield breaking(this, change, {
      message: `operation "${called.name}" is ${called.route} now; its path was "${was}".`,
      order: 'never',
      ...request(called),
    });
  },
};
