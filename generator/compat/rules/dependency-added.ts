import { concerned } from '../concerned.js';
import { isNoun, nameIn } from '../matching.js';
import { admits, rangesOf } from '../ranges.js';
import type { CompatRule } from '../rule.js';
import { breaking, safe } from '../verdicts.js';
import { shown } from '../wording.js';

/** A consumer that declares what it needs. */
export const dependencyAdded: CompatRule = {
  id: 'dependency-added',
  title: 'What a service needs is there.',
  why: 'The consumer is deployed beside a provider that it declares not to work with.',
  fix: 'Deploy the provider in the range first, then the consumer.',
  requirements: ['TD-46', 'TD-83'],
  mirror: 'dependency-removed',
  *judge(change, revisions) {
    if (!isNoun(change, 'dependency', 'added')) return;
    const [consumer = '', provider = ''] = nameIn(change.subject).split('->');
    const ranges = rangesOf(change.facts?.range);
    const version = revisions.after.services.get(provider)?.version;
    const said = concerned(change, revisions);
    const message = `"${consumer}" needs "${provider}" in ${shown(change.facts?.range)}`;
    const isThere = admits(ranges, version);
    if (isThere === false) {
      yield breaking(this, change, {
        ...said,
        message: `${message}, and "${provider}" is at ${version}.`,
        order: 'never',
      });
    } else {
      yield safe(this, change, { ...said, message: `${message}.`, order: 'writer-first' });
    }
  },
};
