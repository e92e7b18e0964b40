import type { SagaPlan, SagaValue } from '../../../../runtime/saga/plan.js';

/** Where a value of a plan comes from, for engines with a language of their own. */
export type RunValue =
  | { readonly from: 'plain'; readonly value: SagaValue }
  | { readonly from: 'run' | 'key' }
  | { readonly from: 'input'; readonly path: readonly string[] }
  /** An output of a step. */
  | { readonly from: 'step'; readonly step: string; readonly path: readonly string[] }
  | { readonly from: 'answer'; readonly path: readonly string[] };

/** Reads a text of a plan at one of its steps; the number of steps stands for its end. */
export function runValue(plan: SagaPlan, at: number, value: SagaValue): RunValue {
  if (typeof value !== 'string' || !value.startsWith('$')) return { from: 'plain', value };
  if (value.startsWith('$$')) return { from: 'plain', value: value.slice(1) };
  if (value === '$run.id') return { from: 'run' };
  if (value === '$key') return { from: 'key' };
  const [, pointer] = /^\$(?:response\.body|message)#\/(.*)$/.exec(value) ?? [];
  if (pointer !== undefined) return { from: 'answer', path: pointer.split('/') };
  const [word = '', ...path] = value.slice(1).split('.');
  if (word === 'input') return { from: 'input', path };
  if (word === 'steps') return { from: 'step', step: path[0] ?? '', path: path.slice(2) };
  // Plans name the step of every output that a contract declares; what is left can only come from a local step that declares none.
  const free = plan.steps.slice(0, at).findLast(({ action }) => action.kind === 'local')?.id;
  return { from: 'step', step: free ?? '', path: [word, ...path] };
}
