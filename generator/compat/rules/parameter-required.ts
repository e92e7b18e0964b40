import { calledBy } from '../http/callers.js';
import { parameterIn } from '../http/parameters.js';
import { request } from '../http/sides.js';
import { isSet } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking } from '../verdicts.js';

export const parameterRequired: CompatRule = {
  id: 'parameter-required',
  title: 'A parameter that could be left out still can.',
  why: 'Every client that leaves it out is refused.',
  fix: 'Give it a default, or let every client send it first.',
  requirements: ['TD-45', 'TD-82'],
  mirror: 'parameter-optional',
  *judge(change, revisions) {
    if (!isSet(change, 'parameter', 'required') || change.after !== true) return;
    const called = calledBy(change, revisions);
    yield breaking(this, change, {
      message: `${parameterIn(change)} of "${called.name}" is required now: ${called.route} refuses every client that leaves it out.`,
      order: 'writer-first',
      ...request(called),
    });
  },
};
