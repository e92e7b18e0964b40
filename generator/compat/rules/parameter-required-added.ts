import { calledBy } from '../http/callers.js';
import { isMoved, parameterIn } from '../http/parameters.js';
import { request } from '../http/sides.js';
import { isNoun, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking } from '../verdicts.js';

export const parameterRequiredAdded: CompatRule = {
  id: 'parameter-required-added',
  title: 'A parameter that must be given is no surprise.',
  why: 'Every client that does not send it yet is refused.',
  fix: 'Let it be optional with a default, or let every client send it first.',
  requirements: ['TD-45', 'TD-82'],
  mirror: { none: 'Responses have no parameters.' },
  *judge(change, revisions) {
    if (!isNoun(change, 'parameter', 'added') || change.facts?.required !== true || isMoved(change, revisions)) return;
    // Another path has another place for it: that is the change.
    if (nameIn(change.subject, 'parameter').startsWith('path.')) return;
    const called = calledBy(change, revisions);
    yield breaking(this, change, {
      message: `${parameterIn(change)} of "${called.name}" is new and required: ${called.route} refuses every client that does not send it.`,
      order: 'writer-first',
      ...request(called),
    });
  },
};
