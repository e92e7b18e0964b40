import type { SagaEnd, SagaStateName } from './table.js';

/** Values by name, as JSON has them. */
export type SagaValues = Readonly<Record<string, unknown>>;

/**
 * What is known of a step. `begun`: it may have happened. `done`: it has. `clear`: tried, and it has left nothing behind. `refused`: the answer came before the
 * step was begun, and says no. `undone`: undone. Absent: never tried.
 */
export type SagaMark = 'begun' | 'done' | 'clear' | 'refused' | 'undone';

/** Where a run is, and what it has to remember to get to an end. Plain JSON. */
export interface SagaRun {
  readonly state: SagaStateName;
  readonly marks: Readonly<Record<string, SagaMark>>;
  /** What each step has answered. Absent = it is not known to have happened. */
  readonly outputs: Readonly<Record<string, SagaValues>>;
  /** How often each step has been undone or was begun to be undone. */
  readonly rounds: Readonly<Record<string, number>>;
  /** Tries of the present step so far, the one that was ordered last included. */
  readonly tries: { readonly do: number; readonly ask: number; readonly undo: number };
  /** An earlier try of the present step may have happened. */
  readonly inDoubt: boolean;
  /** The run is to be undone: nothing further is begun. */
  readonly turning: boolean;
  /** Ends that were announced: each once. */
  readonly announced: readonly SagaEnd[];
  /** What was ordered last is still to be carried out; false while an answer is waited for. */
  readonly pending: boolean;
  /** Its time is over, and that was dealt with. */
  readonly timedOut: boolean;
  /** What an operator wants of a run that is stuck; its service sees to it. */
  readonly wish?: SagaWish;
  /** What went wrong last on the way on: why the run turned back, if it did. */
  readonly failure?: SagaFailure;
  /** What went wrong last on the way back. */
  readonly hindrance?: SagaFailure;
}

export interface SagaWish {
  readonly kind: 'retried' | 'resolved-completed' | 'resolved-compensated';
  /** Why, in the operator's words. */
  readonly note?: string;
}

export interface SagaFailure {
  readonly step: string;
  /** In one sentence. */
  readonly reason: string;
}

/** A run before its first step. */
export const newRun: SagaRun = Object.freeze({
  state: 'new',
  marks: {},
  outputs: {},
  rounds: {},
  tries: { do: 0, ask: 0, undo: 0 },
  inDoubt: false,
  turning: false,
  announced: [],
  pending: false,
  timedOut: false,
});

/** Something that has happened to a run. */
export type SagaEvent =
  | { readonly kind: 'succeeded'; readonly step: string; readonly outputs: SagaValues }
  | {
      /** `unanswered`: no answer has come in the time that the step has for it. */
      readonly kind: 'failed' | 'erred' | 'unknown' | 'unanswered' | 'not-found' | 'undone' | 'undo-failed' | 'blocked';
      readonly step: string;
      readonly reason?: string;
    }
  | {
      readonly kind: 'started' | 'timed-out' | 'undo-asked' | 'retried' | 'resolved-completed' | 'resolved-compensated';
      readonly reason?: string;
    };

export const noTries: SagaRun['tries'] = Object.freeze({ do: 0, ask: 0, undo: 0 });

/** The run with another mark on a step. */
export function marked(run: SagaRun, step: string, mark: SagaMark): SagaRun {
  return run.marks[step] === mark ? run : { ...run, marks: { ...run.marks, [step]: mark } };
}

/** How a run is seen from outside. */
export type SagaStatus = 'running' | 'completed' | 'compensated' | 'stuck';

export function statusOf(state: SagaStateName): SagaStatus {
  if (state === 'completed' || state === 'compensated') return state;
  return state.startsWith('stuck:') ? 'stuck' : 'running';
}

/** What a state name says; undefined for `new` and the ends. */
export interface SagaPlace {
  readonly phase: 'do' | 'ask' | 'undo';
  readonly step: string;
  readonly stuck: boolean;
}

export function placeOf(state: SagaStateName): SagaPlace | undefined {
  const stuck = state.startsWith('stuck:');
  const rest = stuck ? state.slice('stuck:'.length) : state;
  for (const phase of ['do', 'ask', 'undo'] as const) {
    if (rest.startsWith(`${phase}:`)) return { phase, step: rest.slice(phase.length + 1), stuck };
  }
  return undefined;
}
