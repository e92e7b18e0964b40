import type { Related } from '../diagnostics/finding.js';
import type { Change } from './change.js';
import type { Affected, Judgement, Level, Order, Verdict } from './judgement.js';
import type { CompatRule } from './rule.js';

/** What a rule adds to the facts that a change brings along. */
export interface Said {
  readonly message: string;
  /** Default: the rule's. */
  readonly fix?: string;
  readonly order: Order;
  readonly affected?: readonly Affected[];
  readonly writers?: readonly string[];
  readonly readers?: readonly string[];
  /** Default: no. */
  readonly breaksStored?: boolean;
  /** Default: major for a break and for what is unproven, minor for a notice and what is safe. */
  readonly level?: Level;
  /** Places besides the older one of the change itself. */
  readonly related?: readonly Related[];
}

type Speaker = Pick<CompatRule, 'id' | 'fix'>;

/** Proven: somebody is hit. An error. */
export function breaking(rule: Speaker, change: Change, said: Said): Judgement {
  return judgement(rule, change, 'breaking', said);
}

/** Neither proven safe nor broken. A warning that fails the gate until it is waived. */
export function unknown(rule: Speaker, change: Change, said: Said): Judgement {
  return judgement(rule, change, 'unknown', said);
}

/** Works, but behaves otherwise. A warning. */
export function notice(rule: Speaker, change: Change, said: Said): Judgement {
  return judgement(rule, change, 'notice', said);
}

/** Nobody notices. An info. */
export function safe(rule: Speaker, change: Change, said: Said): Judgement {
  return judgement(rule, change, 'safe', said);
}

const severities = { breaking: 'error', unknown: 'warning', notice: 'warning', safe: 'info' } as const;
const levels = { breaking: 'major', unknown: 'major', notice: 'minor', safe: 'minor' } as const;

function judgement(rule: Speaker, change: Change, verdict: Verdict, said: Said): Judgement {
  const { affected = [], writers = [], readers = [], breaksStored = false, level = levels[verdict] } = said;
  const { fix = verdict === 'safe' ? undefined : rule.fix } = said;
  const was: readonly Related[] = change.was === undefined ? [] : [{ at: change.was, message: 'it stood here before' }];
  const related = [...was, ...(said.related ?? [])];
  return {
    rule: rule.id,
    verdict,
    severity: severities[verdict],
    level,
    subject: change.subject,
    features: change.features,
    at: change.at,
    ...(related.length > 0 && { related }),
    message: said.message,
    ...(fix !== undefined && { fix }),
    order: said.order,
    writers,
    readers,
    affected,
    breaksStored,
  };
}
