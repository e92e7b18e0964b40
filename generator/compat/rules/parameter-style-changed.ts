import { calledBy } from '../http/callers.js';
import { parameterIn } from '../http/parameters.js';
import { request } from '../http/sides.js';
import { isSet } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking } from '../verdicts.js';
import { shown } from '../wording.js';

export const parameterStyleChanged: CompatRule = {
  id: 'parameter-style-changed',
  title: 'A parameter keeps the way it is written.',
  why: 'The same value is written otherwise: the server reads one where clients sent several, or the other way round.',
  fix: 'Add a parameter of another name with the new style.',
  requirements: ['TD-45', 'TD-82'],
  mirror: { none: 'Responses have no parameters.' },
  *judge(change, revisions) {
    if (!isSet(change, 'parameter', 'style', 'explode')) return;
    const called = calledBy(change, revisions);
    yield breaking(this, change, {
      message: `${parameterIn(change)} of "${called.name}" has ${change.setting} ${shown(change.after)}, was ${shown(change.before)}.`,
      order: 'never',
      ...request(called),
    });
  },
};
