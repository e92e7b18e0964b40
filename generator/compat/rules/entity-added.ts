import { concerned } from '../concerned.js';
import { isNoun, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { safe } from '../verdicts.js';

/** A new entity is nobody's yet. */
export const entityAdded: CompatRule = {
  id: 'entity-added',
  title: 'A new entity hurts nobody.',
  why: 'Nobody keeps a copy of it until a contract says so.',
  fix: 'Deploy the owner first, then run a full sync of the copies.',
  requirements: ['TD-44'],
  mirror: 'copy-added',
  *judge(change, revisions) {
    if (!isNoun(change, 'entity', 'added')) return;
    yield safe(this, change, {
      ...concerned(change, revisions),
      message: `entity "${nameIn(change.subject)}" is new.`,
      order: 'writer-first',
    });
  },
};
