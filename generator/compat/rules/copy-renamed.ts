import { concerned } from '../concerned.js';
import { isSet, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { notice } from '../verdicts.js';
import { shown } from '../wording.js';

/** A copy is stored under its name. */
export const copyRenamed: CompatRule = {
  id: 'copy-renamed',
  title: 'A copy keeps its name.',
  why: 'The service starts with an empty copy under the new name, and what refers to the old one finds nothing.',
  fix: 'Run a full sync when the service is deployed.',
  requirements: ['TD-45'],
  mirror: { none: 'Only the service that copies knows the name of its copy.' },
  *judge(change, revisions) {
    if (!isSet(change, 'copy', 'as')) return;
    yield notice(this, change, {
      ...concerned(change, revisions),
      message: `the copy of "${nameIn(change.subject)}" at "${nameIn(change.subject, 'copy')}" is called ${called(change.after)}, was called ${called(change.before)}.`,
      order: 'any',
      level: 'patch',
    });
  },
};

function called(name: unknown): string {
  return name === undefined ? 'like the entity' : shown(name);
}
