import { concerned } from '../concerned.js';
import { isNoun } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking } from '../verdicts.js';

/** The name of an entity is part of what is stored and asked for. */
export const entityRenamed: CompatRule = {
  id: 'entity-renamed',
  title: 'An entity keeps its name.',
  why: 'Copies are stored under the name, and a service that misses one asks its owner for it by name: neither finds the other.',
  fix: 'Declare the new entity beside the old one, fill its copies by a full sync, then take the old one out.',
  requirements: ['TD-45'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!isNoun(change, 'entity', 'renamed')) return;
    yield breaking(this, change, {
      ...concerned(change, revisions),
      message: `entity "${change.from}" is called "${change.to}".`,
      order: 'never',
      breaksStored: true,
    });
  },
};
