import { concerned } from '../concerned.js';
import { isNoun } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking } from '../verdicts.js';

/** A name that somebody was built with. */
export const constantRenamed: CompatRule = {
  id: 'constant-renamed',
  title: 'A constant keeps its name.',
  why: 'The code of whoever uses the old name no longer compiles.',
  fix: 'Keep both names until nobody uses the old one.',
  requirements: ['TD-41', 'TD-45'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!isNoun(change, 'constant', 'renamed')) return;
    yield breaking(this, change, {
      ...concerned(change, revisions),
      message: `constant "${change.from}" is called "${change.to}".`,
      order: 'any',
    });
  },
};
