import type { Store, Transaction } from '../stores/store.js';
import type { JobReport } from './definition.js';

/** What the store knows of a job; the same for all instances of its service. */
export interface JobState {
  /** Occurrences up to this instant are dealt with, ms since the epoch. */
  readonly upTo: number;
  /** The run at work, else the latest. */
  readonly run?: JobRun;
}

export interface JobRun {
  readonly occurrence: string;
  /** 1 for the first try. */
  readonly attempt: number;
  /** `waiting`: it has failed and will be tried again. */
  readonly state: 'running' | 'waiting' | 'done' | 'failed';
  /** Instance that runs it. */
  readonly holder: string;
  /** While running, until when nobody else may; while waiting, from when on it may run again. Ms since the epoch. */
  readonly until: number;
  readonly succeeded: number;
  readonly failed: number;
}

export async function readJobState(tx: Pick<Transaction, 'note'>, job: string): Promise<JobState | undefined> {
  const text = await tx.note(noteName(job));
  return text === null ? undefined : (JSON.parse(text) as JobState);
}

/** Reads the state and writes another one while nobody else does; answers what `alter` answers beside it. */
export type Change = <T>(
  alter: (tx: Transaction, state: JobState) => Promise<readonly [after: JobState | undefined, answer: T]>,
) => Promise<T>;

/** See `Change`; `first` is the state of a job that nobody has looked at yet. */
export function changeJobState<T>(
  store: Pick<Store, 'transaction'>,
  job: string,
  first: JobState,
  alter: (tx: Transaction, state: JobState) => Promise<readonly [after: JobState | undefined, answer: T]>,
): Promise<T> {
  return store.transaction(async (tx) => {
    await tx.lock([`job ${job}`]);
    const known = await readJobState(tx, job);
    const [after, answer] = await alter(tx, known ?? first);
    if (after !== undefined || known === undefined) await tx.setNote(noteName(job), JSON.stringify(after ?? first));
    return answer;
  });
}

function noteName(job: string): string {
  return `job:${job}`;
}

/** What is told of a run. One that waits to be tried again has not come to its end. */
export function reportOf({ occurrence, state, attempt, succeeded, failed }: JobRun): JobReport {
  return {
    occurrence,
    state: state === 'waiting' ? 'running' : state,
    attempt: Math.max(attempt, 1),
    succeeded,
    failed,
  };
}
