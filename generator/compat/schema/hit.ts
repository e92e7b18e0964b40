import { reached } from '../affected.js';
import type { SchemaChange } from '../change.js';
import type { Affected } from '../judgement.js';
import type { Revisions } from '../rule.js';

/** The services that a change of a schema hits, each with its owner and the feature of the change that it takes part in. */
export function hitBy(
  change: SchemaChange,
  revisions: Revisions,
  services: readonly string[],
  why: string,
): readonly Affected[] {
  return reached(
    revisions,
    services.map((name) => {
      const service = revisions.after.services.get(name) ?? revisions.before.services.get(name);
      const shared = change.features.find((feature) => service?.features.includes(feature));
      return [name, shared ?? service?.features[0] ?? change.features[0] ?? '', why] as const;
    }),
  );
}
