import type { Change, SchemaChange } from '../change.js';
import type { Judgement } from '../judgement.js';
import type { CompatRule, Revisions } from '../rule.js';
import { judgementsOf } from './judgements.js';
import type { SchemaRuleId } from './rule-id.js';

type Words = Omit<CompatRule, 'id' | 'judge'> & { readonly id: SchemaRuleId };

/** A rule over schemas: all of them read one analysis of the change, each takes what it is the name of. */
export function schemaRule(words: Words): CompatRule {
  return {
    ...words,
    *judge(change: Change, revisions: Revisions): Iterable<Judgement> {
      if (change.kind !== 'schema') return;
      for (const judgement of judged(change, revisions)) if (judgement.rule === words.id) yield judgement;
    },
  };
}

const memo = new WeakMap<SchemaChange, { readonly revisions: Revisions; readonly judgements: readonly Judgement[] }>();

function judged(change: SchemaChange, revisions: Revisions): readonly Judgement[] {
  const known = memo.get(change);
  if (known?.revisions === revisions) return known.judgements;
  const judgements = judgementsOf(change, revisions);
  memo.set(change, { revisions, judgements });
  return judgements;
}
