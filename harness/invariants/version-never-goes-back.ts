import { compareVersions } from '../../runtime/guard.js';
import type { Invariant } from './invariant.js';
import { copyPlace } from './places.js';

/** A copy that holds a newer version never holds an older one again. */
export const versionNeverGoesBack: Invariant = {
  id: 'version-never-goes-back',
  promise: 'A copy never holds an older version than it did before.',
  *check(run, subject) {
    for (const happening of run.happenings) {
      if (happening.kind !== 'copied') continue;
      const { before, after } = happening;
      if (before === undefined || after === undefined || compareVersions(after.version, before.version) >= 0) continue;
      yield {
        invariant: this.id,
        sentence: `An older ${happening.entity} overwrote a newer one.`,
        at: happening,
        service: happening.service,
        ...copyPlace(subject, happening.service, happening.entity),
        expected: before,
        actual: after,
      };
    }
  },
};
