import type { CompatRule } from '../../generator/compat/rule.js';

export type Mirrored = Pick<CompatRule, 'id' | 'mirror'>;

/** Rules whose mirror is missing, one-sided or left out without a reason. */
export function mirrorBreaches(rules: readonly Mirrored[]): readonly string[] {
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  return rules.flatMap(({ id, mirror }) => {
    if (typeof mirror === 'object') {
      return /^[A-Z].{10,}\.$/s.test(mirror.none) ? [] : [`"${id}" has no mirror and does not say why`];
    }
    if (mirror === id) return [`"${id}" is its own mirror`];
    const other = byId.get(mirror);
    if (other === undefined) return [`"${id}" names the mirror "${mirror}", which is no rule`];
    return other.mirror === id
      ? []
      : [
          `"${id}" names the mirror "${mirror}", which names ${typeof other.mirror === 'string' ? `"${other.mirror}"` : 'none'}`,
        ];
  });
}
