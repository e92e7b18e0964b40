import type { SagaRecord } from '../stores/saga-rows.js';
import { type SagaAtWork, type SagaEngine, stepAtWork } from './engine.js';
import type { SagaAction, SagaStepPlan } from './plan.js';
import type { SagaPlace } from './run.js';

/** Longest time of a call, unless its step names another one. */
const callMs = 60_000;
/** How much longer than its work a run is held: clocks and commits take their time. */
const spareMs = 10_000;

export type Due = Pick<SagaRecord, 'taken'> & { readonly dueAt?: number };

/** When somebody has to look at a run that was just ordered to do something. `mine`: whoever orders it goes on with it. */
export function dueAfterOrder(engine: SagaEngine, at: SagaAtWork, mine: boolean): Due {
  const work = stepAtWork(at);
  if (work === undefined) return { taken: false };
  const { clock, retryDelayMs } = engine.parts;
  const { place, step } = work;
  const nowMs = clock.now();
  if (!at.record.run.pending) return waiting(at, step, nowMs);
  const tries = at.record.run.tries[place.phase];
  const policy = place.phase === 'undo' ? (step.compensate?.retry ?? step.retry) : step.retry;
  const delayMs = tries > 1 ? retryDelayMs(policy, tries - 1) : 0;
  if (delayMs > 0) return { taken: false, dueAt: earlier(at, nowMs + delayMs) };
  return mine ? { taken: true, dueAt: nowMs + holdMs(step) } : { taken: false, dueAt: nowMs };
}

/** How long a run is one instance's alone while it carries something out. */
export function holdMs(step: SagaStepPlan): number {
  return tryMs(step) + spareMs;
}

export function tryMs({ timeoutMs = callMs }: SagaStepPlan): number {
  return timeoutMs;
}

/** The time of the run is over, and nobody has dealt with that yet. */
export function isOverdue({ record }: SagaAtWork, place: SagaPlace, nowMs: number): boolean {
  const { run, deadlineAt } = record;
  return deadlineAt !== undefined && deadlineAt <= nowMs && !run.timedOut && !run.turning && place.phase !== 'undo';
}

/** What a step or its compensation does. */
export function actionAt(place: SagaPlace, step: SagaStepPlan): SagaAction {
  if (place.phase === 'ask' && step.query !== undefined) return step.query;
  return place.phase === 'undo' ? (step.compensate?.action ?? { kind: 'none' }) : step.action;
}

function waiting(at: SagaAtWork, { timeoutMs }: SagaStepPlan, nowMs: number): Due {
  const dueAt = earlier(at, timeoutMs === undefined ? undefined : nowMs + timeoutMs);
  return { taken: false, ...(dueAt !== undefined && { dueAt }) };
}

function earlier(at: SagaAtWork, instant: number): number;
function earlier(at: SagaAtWork, instant: number | undefined): number | undefined;
function earlier(at: SagaAtWork, instant: number | undefined): number | undefined {
  const { deadlineAt } = at.record;
  const place = stepAtWork(at)?.place;
  // The time of a run counts once it is over, whatever else is waited for.
  if (deadlineAt === undefined || place === undefined || !isOverdue(at, place, Number.POSITIVE_INFINITY))
    return instant;
  return Math.min(deadlineAt, instant ?? deadlineAt);
}
