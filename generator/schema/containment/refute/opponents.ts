import { evaluate } from '../evaluate.js';
import type { Formula } from '../formula.js';
import type { Verdict } from '../verdict.js';
import type { Judge } from './judge.js';
import { shrink } from './shrink.js';

/** Both schemas as Ajv compiled them from what was written, and what the writer restricts itself to beyond its schema. */
export interface Opponents {
  readonly reader: Judge;
  readonly writer: Judge;
  readonly restriction: Formula;
}

/** `disputed`: the value proves something with some settings of the validator and not with others. */
export type Judged = Verdict | 'disputed' | undefined;

/** The verdict that a value proves, made as small as it can be; undefined when it proves nothing. */
export function confirmed(opponents: Opponents, value: unknown): Judged {
  const proves = (each: unknown): boolean => {
    if (evaluate(opponents.restriction, each) !== true) return false;
    const refusals = opponents.reader.refusals(each);
    return refusals !== undefined && refusals.length > 0 && opponents.writer.refusals(each)?.length === 0;
  };
  const isFirm = (each: unknown): boolean => opponents.reader.isFirm(each) && opponents.writer.isFirm(each);
  if (!proves(value)) return undefined;
  if (!isFirm(value)) return 'disputed';
  const smallest = shrink(value, proves);
  const counterexample = isFirm(smallest) ? smallest : value;
  const errors = opponents.reader.refusals(counterexample) ?? [];
  const [where] = errors;
  return where && { verdict: 'incompatible', counterexample, where, errors };
}
