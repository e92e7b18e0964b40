import type { Related, Severity } from '../../diagnostics/finding.js';
import type { Position } from '../../diagnostics/position.js';
import type { SchemaChange } from '../change.js';
import type { Counterexample, Judgement, Verdict } from '../judgement.js';
import type { Revisions } from '../rule.js';
import { type Analysis, analyse, type Effect } from './analysis.js';
import { hitBy } from './hit.js';
import { type Meaning, meaningOf } from './meaning.js';
import { pointerOf, ruleOf, type SchemaRuleId } from './rule-id.js';
import { usesOf } from './usage.js';
import { fixFor, messageFor, placeOf } from './wording.js';

const SEVERITY: Readonly<Record<Verdict, Severity>> = {
  breaking: 'error',
  unknown: 'warning',
  notice: 'warning',
  safe: 'info',
};

/** Everything there is to say of a change of a schema: each effect under its own name, and whether that is proven to be all. */
export function judgementsOf(change: SchemaChange, revisions: Revisions): readonly Judgement[] {
  const analysis = analyse(change, revisions);
  const found: Judgement[] = [];
  for (const effect of analysis.effects) {
    const rule = ruleOf(effect);
    if (rule !== undefined) found.push(judgementOf(change, revisions, analysis, effect, rule));
  }
  const unproven = unprovenOf(change, analysis);
  if (unproven !== undefined) found.push(unproven);
  return found;
}

function judgementOf(
  change: SchemaChange,
  revisions: Revisions,
  analysis: Analysis,
  effect: Effect,
  rule: SchemaRuleId,
): Judgement {
  const meaning = weighed(meaningOf(effect, change.use), rule);
  const used = meaning.verdict === 'breaking' ? [] : usesOf(change, effect, revisions);
  const told = meaning.told === undefined ? undefined : effect[meaning.told];
  const counterexample: Counterexample | undefined = told && {
    value: told.value,
    writtenBy: meaning.told === 'forward' ? 'new' : 'old',
    refusedAt: told.refusal.instance,
    refusal: told.refusal.message,
  };
  const breaking = meaning.verdict === 'breaking' || used.length > 0;
  const verdict = breaking ? 'breaking' : meaning.verdict;
  const pointer = pointerOf(effect.difference);
  return {
    rule,
    verdict,
    severity: SEVERITY[verdict],
    level: breaking ? 'major' : meaning.level,
    subject: change.subject,
    ...(pointer === '' ? {} : { pointer }),
    features: change.features,
    ...positions(change, revisions, analysis, effect),
    message: messageFor({ change, effect, rule, meaning, used, counterexample }),
    ...(verdict === 'safe' ? {} : { fix: fixFor({ change, effect, rule, meaning, used, counterexample }) }),
    order: used.length > 0 ? 'never' : meaning.order,
    writers: change.use.writers,
    readers: change.use.readers,
    affected:
      used.length > 0
        ? used
        : breaking
          ? hitBy(change, revisions, hitSide(change, meaning), reasonFor(change, meaning))
          : [],
    breaksStored: meaning.breaksStored,
    ...(counterexample === undefined ? {} : { counterexample }),
  };
}

/** What no schema decides: a default and a word for a format change what is done with a value, a new name loses what was called by the old one. */
function weighed(meaning: Meaning, rule: SchemaRuleId): Meaning {
  const speaks = rule === 'default-changed' || rule === 'format-changed' || rule === 'property-renamed';
  return speaks && meaning.verdict === 'safe' ? { ...meaning, verdict: 'notice' } : meaning;
}

/** Whose values or whose validators are hit. */
function hitSide(change: SchemaChange, meaning: Meaning): readonly string[] {
  const { direction, writers, readers } = change.use;
  return meaning.told === 'backward' && direction !== 'event' ? writers : readers;
}

function reasonFor(change: SchemaChange, { told }: Meaning): string {
  const verb = told === 'forward' || change.use.direction === 'event' ? 'reads' : 'sends';
  return `${verb} the ${placeOf(change)}`;
}

function positions(
  change: SchemaChange,
  revisions: Revisions,
  analysis: Analysis,
  { difference }: Effect,
): { readonly at: Position; readonly related?: readonly Related[] } {
  if (difference === undefined)
    return { at: change.at, ...(change.was && { related: [{ at: change.was, message: 'as it was' }] }) };
  const at = revisions.after.locate(analysis.graph.node(difference.after).origin);
  const was = revisions.before.locate(analysis.graph.node(difference.before).origin);
  const moved = was.file !== at.file || was.line !== at.line || was.column !== at.column;
  return { at, ...(moved ? { related: [{ at: was, message: 'as it was' }] } : {}) };
}

/** Breaks that were found are no reason to believe that there are no others. */
function unprovenOf(change: SchemaChange, analysis: Analysis): Judgement | undefined {
  const ahead = analysis.forwardUnproven;
  const back = analysis.backwardUnproven;
  const why = back ?? ahead;
  if (why === undefined) return undefined;
  const { direction } = change.use;
  const matters = direction === 'response' ? ahead : direction === 'event' ? why : back;
  if (matters === undefined) return undefined;
  return {
    rule: 'schema-unproven',
    verdict: 'unknown',
    severity: SEVERITY.unknown,
    level: 'major',
    subject: change.subject,
    features: change.features,
    at: change.at,
    ...(change.was && { related: [{ at: change.was, message: 'as it was' }] }),
    message: `${placeOf(change)} changed, and it could not be proven that old and new get along: ${matters.replace(/\.$/, '')}.`,
    fix: 'split the change into steps that are simpler to compare, or accept it with a reason.',
    order: ahead !== undefined && back !== undefined ? 'never' : ahead !== undefined ? 'reader-first' : 'writer-first',
    writers: change.use.writers,
    readers: change.use.readers,
    affected: [],
    breaksStored: back !== undefined && (direction === 'event' || direction === 'command'),
  };
}
