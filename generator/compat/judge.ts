import type { Change } from './change.js';
import type { Judgement } from './judgement.js';
import { compatRules } from './registry.js';
import type { CompatRule, Revisions } from './rule.js';

/**
 * What every rule says of every change: in the order of the changes, for each in the order of the registry. Waivers, levels of a whole feature and the order in
 * which to ship are made of these.
 *
 * @param rules default: every registered rule
 */
export function judge(
  changes: readonly Change[],
  revisions: Revisions,
  rules: readonly CompatRule[] = compatRules,
): readonly Judgement[] {
  return changes.flatMap((change) => rules.flatMap((rule) => [...rule.judge(change, revisions)]));
}
