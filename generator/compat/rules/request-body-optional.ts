import { calledBy } from '../http/callers.js';
import { request } from '../http/sides.js';
import { isSet } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { safe } from '../verdicts.js';

export const requestBodyOptional: CompatRule = {
  id: 'request-body-optional',
  title: 'A body may become optional.',
  why: 'Clients that send it go on.',
  fix: 'Ship the server before clients leave it out.',
  requirements: ['TD-45', 'TD-82'],
  mirror: 'request-body-required',
  *judge(change, revisions) {
    const called = calledBy(change, revisions);
    const added =
      isSet(change, 'operation', 'request') &&
      change.after === true &&
      called.after?.definition.requestBody?.required !== true;
    if (!added && !(isSet(change, 'operation', 'request.required') && change.before === true && change.after === false))
      return;
    yield safe(this, change, {
      message: `operation "${called.name}" (${called.route}) ${added ? 'takes a request body now, which may be left out' : 'does without its request body now'}.`,
      order: 'reader-first',
      ...request(called),
      affected: [],
    });
  },
};
