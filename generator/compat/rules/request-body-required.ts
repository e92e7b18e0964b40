import type { Change } from '../change.js';
import { calledBy } from '../http/callers.js';
import { request } from '../http/sides.js';
import { isSet } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking } from '../verdicts.js';

export const requestBodyRequired: CompatRule = {
  id: 'request-body-required',
  title: 'A body that could be left out still can.',
  why: 'Every client that sends none is refused.',
  fix: 'Keep it optional, or let every client send it first.',
  requirements: ['TD-45', 'TD-82'],
  mirror: 'request-body-optional',
  *judge(change, revisions) {
    const added = isSet(change, 'operation', 'request') && change.after === true;
    const called = calledBy(change, revisions);
    if (added ? called.after?.definition.requestBody?.required !== true : !isRequiredNow(change)) return;
    yield breaking(this, change, {
      message: `operation "${called.name}" (${called.route}) ${added ? 'has a request body now, and requires it' : 'requires its request body now'}.`,
      order: 'writer-first',
      ...request(called),
    });
  },
};

function isRequiredNow(change: Change): boolean {
  return isSet(change, 'operation', 'request.required') && change.before === false && change.after === true;
}
