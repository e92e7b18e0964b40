import type { Effect } from './analysis.js';
import type { Difference, DifferenceKind } from './difference.js';

/** Rules over schemas by id. */
export type SchemaRuleId =
  | 'property-added'
  | 'property-removed'
  | 'property-renamed'
  | 'required-added'
  | 'required-removed'
  | 'nullable-added'
  | 'nullable-removed'
  | 'enum-value-added'
  | 'enum-value-removed'
  | 'enum-closed'
  | 'enum-opened'
  | 'alternative-added'
  | 'alternative-removed'
  | 'default-changed'
  | 'format-changed'
  | 'length-narrowed'
  | 'length-widened'
  | `${'type' | 'range' | 'pattern' | 'format' | 'items' | 'additional-properties'}-${'narrowed' | 'widened' | 'changed'}`
  | 'schema-incompatible'
  | 'schema-unproven';

/**
 * The rule that speaks of an effect. Whether a limit was narrowed or widened is not read off its numbers: what the new reader refuses was narrowed, what
 * the old reader refuses was widened. Undefined where nobody can tell the difference.
 */
export function ruleOf({ difference, forward, backward }: Effect): SchemaRuleId | undefined {
  if (difference === undefined) return 'schema-incompatible';
  const hit = forward !== undefined || backward !== undefined;
  const { kind } = difference;
  switch (kind) {
    case 'property-added':
      return backward !== undefined && difference.is === 'required' ? 'required-added' : kind;
    case 'property-removed':
    case 'property-renamed':
      return kind;
    case 'enum-value-added':
      return hit || difference.expected ? kind : undefined;
    case 'default':
      return 'default-changed';
    case 'schema':
      return hit ? 'schema-incompatible' : undefined;
    case 'format':
      return hit ? limited(kind, forward !== undefined, backward !== undefined) : 'format-changed';
    default:
      if (!hit) return undefined;
      return isLimit(kind) ? limited(kind, forward !== undefined, backward !== undefined) : (kind as SchemaRuleId);
  }
}

const LIMITS = ['type', 'range', 'length', 'pattern', 'format', 'items', 'additional-properties'] as const;
type Limit = (typeof LIMITS)[number];

function isLimit(kind: DifferenceKind): kind is Limit {
  return LIMITS.some((limit) => limit === kind);
}

function limited(kind: Limit, ahead: boolean, back: boolean): SchemaRuleId {
  // One end of a length moves one way.
  if (kind === 'length') return ahead ? 'length-widened' : 'length-narrowed';
  return `${kind}-${ahead && back ? 'changed' : ahead ? 'widened' : 'narrowed'}`;
}

/** Where a difference lies in the values, for messages and waivers: `/lines/0` of any item is `/lines/*`. */
export function pointerOf(difference: Difference | undefined): string {
  return (difference?.instance ?? []).map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
