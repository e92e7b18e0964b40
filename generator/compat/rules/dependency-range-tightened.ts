import { reached } from '../affected.js';
import { isSet, nameIn } from '../matching.js';
import { admits, rangesOf, within } from '../ranges.js';
import type { CompatRule } from '../rule.js';
import { breaking, notice, unknown } from '../verdicts.js';
import { shown } from '../wording.js';

/** A consumer that asks for more than before may not run beside what was good enough. */
export const dependencyRangeTightened: CompatRule = {
  id: 'dependency-range-tightened',
  title: 'A dependency range that admits fewer versions still admits the ones that are there.',
  why: 'The consumer is deployed beside a provider that it declares not to work with, and no rollback of the provider may go below the new range.',
  fix: 'Deploy the provider in the new range first, then the consumer.',
  requirements: ['TD-46', 'TD-72', 'TD-83'],
  mirror: 'service-version-out-of-range',
  *judge(change, revisions) {
    if (!isSet(change, 'dependency', 'range')) return;
    const before = rangesOf(change.before);
    const after = rangesOf(change.after);
    const isWider = within(before, after);
    if (isWider === true) return;
    const [consumer = '', provider = ''] = nameIn(change.subject).split('->');
    const fact = `"${consumer}" needs "${provider}" in ${shown(change.after)}, was ${shown(change.before)}`;
    const said = {
      writers: [provider],
      readers: [consumer],
      affected: reached(revisions, [
        [consumer, change.features[0] ?? '', `needs "${provider}" in ${shown(change.after)}`],
      ]),
    };
    const old = revisions.before.services.get(provider)?.version;
    const now = revisions.after.services.get(provider)?.version;
    if (isWider === undefined) {
      yield unknown(this, change, {
        ...said,
        order: 'never',
        message: `${fact}, and one of them is no version range.`,
      });
    } else if (admits(after, now) === false) {
      yield breaking(this, change, { ...said, order: 'never', message: `${fact}; "${provider}" is at ${now}.` });
    } else if (admits(after, old) === false) {
      // What runs until the new provider is deployed.
      yield breaking(this, change, {
        ...said,
        order: 'writer-first',
        message: `${fact}; "${provider}" was at ${old}, which is what runs until ${now ?? 'a newer one'} is deployed.`,
      });
    } else {
      yield notice(this, change, { ...said, order: 'any', message: `${fact}; what is there is admitted by both.` });
    }
  },
};
