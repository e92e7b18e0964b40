import { calledBy } from '../http/callers.js';
import { parameterIn } from '../http/parameters.js';
import { request } from '../http/sides.js';
import { isSet } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { unknown } from '../verdicts.js';

export const parameterSchemaAdded: CompatRule = {
  id: 'parameter-schema-added',
  title: 'A parameter that took anything is not limited unseen.',
  why: 'What clients send today may be refused.',
  fix: 'Look at what clients send, then accept the change with a reason.',
  requirements: ['TD-45', 'TD-82'],
  mirror: { none: 'Responses have no parameters.' },
  *judge(change, revisions) {
    if (!isSet(change, 'parameter', 'schema') || change.after !== true) return;
    const called = calledBy(change, revisions);
    yield unknown(this, change, {
      message: `${parameterIn(change)} of "${called.name}" took anything and has a schema now.`,
      order: 'writer-first',
      ...request(called),
    });
  },
};
