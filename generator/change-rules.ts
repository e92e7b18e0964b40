import { findingRules } from './compat/finding-rules.js';
import type { Severities } from './diagnostics/severities.js';

/** Ids of all rules about changes, where a workspace sets the severity of any rule; loaded only then, since there are many. */
export async function changeRulesFor(severities: Severities): Promise<readonly string[]> {
  if (Object.keys(severities).length === 0) return [];
  const { compatRules } = await import('./compat/registry.js');
  return [...compatRules.map(({ id }) => id), ...findingRules];
}
