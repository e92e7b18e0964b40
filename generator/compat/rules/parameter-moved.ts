import { calledBy } from '../http/callers.js';
import { movedTo, parameterIn } from '../http/parameters.js';
import { request } from '../http/sides.js';
import { isNoun } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking } from '../verdicts.js';

export const parameterMoved: CompatRule = {
  id: 'parameter-moved',
  title: 'A parameter stays where it is sent.',
  why: 'Clients send it where nobody looks, and leave it out where it is expected.',
  fix: 'Accept it in both places until nobody uses the old one.',
  requirements: ['TD-45', 'TD-82'],
  mirror: { none: 'Responses have no parameters.' },
  *judge(change, revisions) {
    if (!isNoun(change, 'parameter', 'removed')) return;
    const place = movedTo(change, revisions);
    if (place === undefined) return;
    const called = calledBy(change, revisions);
    yield breaking(this, change, {
      message: `${parameterIn(change)} of "${called.name}" is in the ${place} now: ${called.route} does not find it where clients send it.`,
      order: 'never',
      ...request(called),
    });
  },
};
