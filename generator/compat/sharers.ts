import { bothModels } from './affected.js';
import type { Revisions } from './rule.js';

/**
 * Services that are built with what these features share: who takes part in them, and who depends on one of them by name, as the dependents of a shared
 * package do.
 */
export function sharersOf(
  revisions: Revisions,
  features: readonly string[],
): readonly (readonly [service: string, feature: string, why: string])[] {
  return bothModels(revisions).flatMap((model) =>
    features.flatMap((name) => {
      const dependents = model.dependencies.filter((dependency) => dependency.provider === name);
      return [
        ...dependents.map(({ consumer, feature }) => [consumer, feature, `depends on "${name}"`] as const),
        ...(model.features.get(name)?.participants ?? [])
          .filter((service) => service !== name)
          .map((service) => [service, name, `takes part in "${name}"`] as const),
      ];
    }),
  );
}
