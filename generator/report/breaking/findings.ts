import type { Judgement } from '../../compat/judgement.js';
import type { Finding } from '../../diagnostics/finding.js';
import type { BreakingRun } from './run.js';

/** The run as plain findings, for formats that know nothing else: what counts, what waivers and versions come to, what could not be read. */
export function findingsOf({ comparisons, findings }: BreakingRun): readonly Finding[] {
  const told = comparisons.flatMap(({ impact, findings: read }) => [
    ...read,
    ...(impact?.judgements ?? []).map(findingOf),
    ...(impact?.findings ?? []),
  ]);
  return [...findings, ...told];
}

function findingOf(judgement: Judgement): Finding {
  const { rule, severity, at, subject, pointer = '', fix, related, affected, counterexample, message } = judgement;
  const hit = affected.map(({ service }) => service);
  const hits = hit.length === 0 ? '' : ` Hits ${[...new Set(hit)].join(', ')}.`;
  const refused =
    counterexample === undefined
      ? ''
      : ` ${excerpt(counterexample.value, counterexample.refusedAt)} -> ${counterexample.refusedAt || '/'} ${counterexample.refusal}.`;
  return {
    rule,
    severity,
    message: `${message}${hits}${refused}`,
    at,
    subject: `${subject}${pointer}`,
    ...(fix === undefined ? {} : { fix }),
    ...(related === undefined ? {} : { related }),
  };
}

const LENGTH_MAX = 160;

/**
 * A counterexample on one line, so short that it can be read: along the way to what is refused only the keys on it, `…` for the rest.
 *
 *     {…, "entityData": {…, "status": "on-leave"}}
 */
export function excerpt(value: unknown, pointer: string): string {
  const [step, ...rest] = pointer.split('/').slice(1);
  if (step === undefined || typeof value !== 'object' || value === null) return shortJson(value);
  const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
  const inner = excerpt((value as Record<string, unknown>)[key], rest.map((each) => `/${each}`).join(''));
  const others = Object.keys(value).length > 1 ? '…, ' : '';
  return Array.isArray(value) ? `[${others}${inner}]` : `{${others}${JSON.stringify(key)}: ${inner}}`;
}

function shortJson(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > LENGTH_MAX ? `${text.slice(0, LENGTH_MAX - 1)}…` : text;
}
