import { hashOf } from '../canonical.js';
import type { SagaPlan } from './plan.js';
import { isAwaited, mayBeInDoubt, pivotOf, placeIn, stepOf } from './plan-facts.js';
import { marked, noTries, placeOf, type SagaEvent, type SagaPlace, type SagaRun } from './run.js';
import type { SagaEventKind } from './table.js';

/** What an event teaches a run, and which row of the table is asked for with it; `about` is absent when it is only to be remembered. */
export interface Lesson {
  readonly run: SagaRun;
  readonly about?: SagaEventKind;
}

/** Undefined when the event says nothing new: a repetition, or one that comes at a moment at which it means nothing. */
export function lessonOf(plan: SagaPlan, run: SagaRun, event: SagaEvent): Lesson | undefined {
  const place = placeOf(run.state);
  switch (event.kind) {
    case 'started':
      return run.state === 'new' ? { run, about: 'started' } : undefined;
    case 'timed-out':
    case 'undo-asked':
      return notWanted(plan, because(run, place, event.reason), place, event.kind);
    case 'retried':
      return place?.stuck ? again(run, place) : undefined;
    case 'resolved-completed':
      return place?.stuck ? { run, about: event.kind } : undefined;
    case 'resolved-compensated':
      return place?.stuck ? { run: settled(run), about: event.kind } : undefined;
    case 'succeeded':
      return success(plan, run, place, event);
    default:
      return place?.step === event.step ? ofStep(plan, run, place, event) : early(plan, run, event);
  }
}

/** After the pivot there is no way back: somebody is told that it takes too long. */
function notWanted(
  plan: SagaPlan,
  before: SagaRun,
  place: SagaPlace | undefined,
  kind: 'timed-out' | 'undo-asked',
): Lesson | undefined {
  if (kind === 'timed-out' && before.timedOut) return undefined;
  const run = kind === 'timed-out' ? { ...before, timedOut: true } : before;
  const turning = { ...run, turning: true };
  if (run.state === 'completed' && kind === 'undo-asked' && pivotOf(plan) === plan.steps.length)
    return { run: turning, about: kind };
  if (run.turning || place === undefined || place.phase === 'undo') return undefined;
  if (placeIn(plan, place.step) > pivotOf(plan)) {
    return kind === 'timed-out' && !place.stuck ? { run, about: kind } : undefined;
  }
  // Whoever is stuck moves only by an answer or by an operator.
  if (place.stuck) return { run: turning };
  return { run: turning, about: run.marks[place.step] === 'begun' ? 'turned-back-in-doubt' : 'turned-back' };
}

/** What is not wanted any more and has left nothing behind is not tried again. */
function again(run: SagaRun, { phase, step }: SagaPlace): Lesson {
  const over = run.turning && phase === 'do' && run.marks[step] !== 'begun';
  return { run: { ...run, tries: noTries }, about: over ? 'turned-back' : 'retried' };
}

/** The operator has seen to everything that was left. */
function settled(run: SagaRun): SagaRun {
  return Object.entries(run.marks).reduce(
    (after, [step, mark]) => (mark === 'done' || mark === 'begun' ? marked(after, step, 'undone') : after),
    run,
  );
}

function success(
  plan: SagaPlan,
  run: SagaRun,
  place: SagaPlace | undefined,
  { step, outputs }: SagaEvent & { readonly kind: 'succeeded' },
): Lesson | undefined {
  const action = stepOf(plan, step)?.action;
  const present = place?.step === step;
  const known = run.outputs[step];
  if (action === undefined) return undefined;
  // A repetition of what is known: it may have been undone since, and stays so.
  if (known !== undefined && hashOf(known) === hashOf(outputs)) return undefined;
  // What was never begun cannot have happened, unless it needs nobody to begin it.
  if (!present && run.marks[step] === undefined && action.kind !== 'receive') return undefined;
  const done = marked({ ...run, outputs: { ...run.outputs, [step]: outputs } }, step, 'done');
  if (present && place.phase !== 'undo') {
    return run.turning && placeIn(plan, step) < pivotOf(plan)
      ? { run: { ...done, inDoubt: false }, about: 'late-success' }
      : { run: { ...done, inDoubt: false, turning: false }, about: 'succeeded' };
  }
  return present || run.state === 'compensated' ? { run: done, about: 'late-success' } : { run: done };
}

type StepEvent = Exclude<SagaEvent, { readonly kind: 'succeeded' }> & { readonly step: string };

/** Of the step that the run is at. */
function ofStep(plan: SagaPlan, before: SagaRun, place: SagaPlace, event: StepEvent): Lesson | undefined {
  const { step, kind, reason } = event;
  const run = because(before, place, reason);
  if (place.phase === 'undo') return ofUndo(run, place, event);
  const clear = marked({ ...run, inDoubt: false }, step, 'clear');
  if (kind === 'failed') return { run: clear, about: run.turning ? 'turned-back' : 'failed' };
  if (place.stuck || kind === 'undone' || kind === 'undo-failed') return undefined;
  if (kind === 'blocked') return { run, about: kind };
  if (place.phase === 'ask') {
    return kind === 'not-found' ? { run: clear, about: run.turning ? 'turned-back' : kind } : { run, about: 'unknown' };
  }
  if (kind === 'not-found') return undefined;
  const found = stepOf(plan, step);
  if (kind !== 'erred' && found !== undefined && mayBeInDoubt(found)) {
    return { run: marked({ ...run, inDoubt: true }, step, 'begun'), about: 'unknown' };
  }
  // An earlier try that may have acted is not made undone by one that has not.
  if (run.inDoubt) return { run, about: 'erred' };
  if (run.turning) return { run: clear, about: 'turned-back' };
  return { run: clear, about: kind === 'unanswered' ? 'failed' : 'erred' };
}

function ofUndo(run: SagaRun, { stuck, step }: SagaPlace, { kind }: StepEvent): Lesson | undefined {
  if (kind === 'undone') return { run: marked(run, step, 'undone'), about: kind };
  if (stuck || kind === 'failed' || kind === 'not-found') return undefined;
  return { run, about: kind === 'blocked' ? kind : 'undo-failed' };
}

/** A refusal that comes before its step: the step has only to look it up. */
function early(plan: SagaPlan, run: SagaRun, { kind, step }: StepEvent): Lesson | undefined {
  const action = stepOf(plan, step)?.action;
  const waits = action?.kind === 'receive' && isAwaited(action);
  return kind === 'failed' && waits && run.marks[step] === undefined
    ? { run: marked(run, step, 'refused') }
    : undefined;
}

function because(run: SagaRun, place: SagaPlace | undefined, reason: string | undefined): SagaRun {
  if (reason === undefined || place === undefined) return run;
  const said = { step: place.step, reason };
  return place.phase === 'undo' ? { ...run, hindrance: said } : { ...run, failure: said };
}
