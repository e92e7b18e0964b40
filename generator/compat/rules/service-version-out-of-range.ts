import { reached, servicesIn } from '../affected.js';
import { isSet, nameIn } from '../matching.js';
import { admits } from '../ranges.js';
import type { CompatRule } from '../rule.js';
import { breaking } from '../verdicts.js';

/** A provider that leaves the range of its consumers. */
export const serviceVersionOutOfRange: CompatRule = {
  id: 'service-version-out-of-range',
  title: 'A new version stays within the ranges of those who need it.',
  why: 'The consumers declare that they do not work with it.',
  fix: 'Widen the ranges after checking the consumers, or deploy versions of them that work with it.',
  requirements: ['TD-39', 'TD-46', 'TD-83'],
  mirror: 'dependency-range-tightened',
  *judge(change, revisions) {
    if (!isSet(change, 'service', 'version')) return;
    const name = nameIn(change.subject);
    const fallen = revisions.after.dependencies.filter(
      ({ provider, range }) =>
        provider === name &&
        range !== undefined &&
        admits([range], String(change.after)) === false &&
        admits([range], String(change.before)) !== false,
    );
    if (fallen.length === 0) return;
    const consumers = reached(
      revisions,
      fallen.map(
        ({ consumer, feature, range }) => [consumer, feature, `its range "${range}" no longer matches`] as const,
      ),
    );
    const asked = fallen.map(({ consumer, range }) => `"${consumer}" (${range})`);
    yield breaking(this, change, {
      message: `"${name}" is at ${change.after}, was ${change.before}, which falls out of what is needed by ${[...new Set(asked)].join(', ')}.`,
      order: 'never',
      writers: [name],
      readers: servicesIn(consumers),
      affected: consumers,
      related: fallen.map(({ consumer, at }) => ({ at, message: `range of "${consumer}"` })),
    });
  },
};
