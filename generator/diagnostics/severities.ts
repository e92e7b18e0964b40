import type { Severity } from './finding.js';

/** `rules:` of seamwright.yaml. */
export type Severities = Readonly<Record<string, Severity | 'off'>>;

/** Gives what was found the severities that a workspace has set; what it has switched off disappears. */
export function withSeverities<T extends { readonly rule: string; readonly severity: Severity }>(
  found: readonly T[],
  severities: Severities,
): readonly T[] {
  return found.flatMap((each) => {
    const level = severities[each.rule];
    if (level === undefined) return [each];
    return level === 'off' ? [] : [{ ...each, severity: level }];
  });
}
