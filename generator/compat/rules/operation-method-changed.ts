import { calledBy } from '../http/callers.js';
import { request } from '../http/sides.js';
import { isSet } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking } from '../verdicts.js';

export const operationMethodChanged: CompatRule = {
  id: 'operation-method-changed',
  title: 'An operation keeps its method.',
  why: 'Clients call it where it is no longer: every call fails, in whatever order both sides are shipped.',
  fix: 'Answer under both methods until nobody uses the old one.',
  requirements: ['TD-45', 'TD-82'],
  mirror: { none: 'A request goes to one place.' },
  *judge(change, revisions) {
    if (!isSet(change, 'operation', 'method')) return;
    const called = calledBy(change, revisions);
    const was = called.before?.definition.method ?? '';
    yield breaking(this, change, {
      message: `operation "${called.name}" is ${called.route} now; its method was "${was.toUpperCase()}".`,
      order: 'never',
      ...request(called),
    });
  },
};
