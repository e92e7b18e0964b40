import type { SagaPlan } from '../saga/plan.js';
import type { SagaRun, SagaStatus } from '../saga/run.js';

/** One run of a saga as it is kept. Instants are ms since the epoch, by the runtime's clock. */
export interface SagaRecord {
  readonly saga: string;
  /** Tells the runs of a saga apart. */
  readonly id: string;
  /** Version of the plan that it goes by to its end. */
  readonly plan: string;
  /** What it was started with, and by what; never changes. */
  readonly start: SagaStart;
  readonly run: SagaRun;
  readonly status: SagaStatus;
  /** Grows by one with everything that happens to it; 1 when it is new. */
  readonly version: number;
  readonly startedAt: number;
  readonly updatedAt: number;
  /** When its time is over; absent = it has all the time. */
  readonly deadlineAt?: number;
  /** When somebody has to look at it; absent = nothing is to be done unless something comes in. */
  readonly dueAt?: number;
  /** Somebody has it in work until `dueAt`. */
  readonly taken: boolean;
}

export interface SagaStart {
  readonly input: unknown;
  readonly correlationId: string;
  readonly causationId?: string;
  readonly traceparent?: string;
}

/** Something that has happened to a run, whether it moved it or not. */
export interface SagaJournalEntry {
  /** Version of the record that it made. */
  readonly version: number;
  readonly at: number;
  readonly event: string;
  readonly step?: string;
  readonly effect: 'moved' | 'noted' | 'ignored';
  /** Where the run is after it. */
  readonly state: string;
  /** Why, in one sentence. */
  readonly reason?: string;
  /** What it came with, such as the id of a message. */
  readonly by?: string;
}

/** What changes with a move. */
export type SagaChange = Pick<SagaRecord, 'saga' | 'id' | 'run' | 'status' | 'updatedAt' | 'dueAt' | 'taken'>;

export interface SagaCount {
  readonly saga: string;
  readonly status: 'running' | 'stuck';
  readonly count: number;
}

/** The runs of a service's sagas within a transaction. */
export interface SagaRows {
  /** Begins a run and its journal; false when there is one with this id, whose transaction is waited for. */
  begin(record: SagaRecord, entry: Omit<SagaJournalEntry, 'version'>): Promise<boolean>;
  /** A run as it is committed, or under lock until the transaction ends; null when there is none. */
  find(saga: string, id: string, options?: { readonly lock?: boolean }): Promise<SagaRecord | null>;
  /** Writes a run that is still at `version`, with the next version, and its journal; false when it is not: somebody else has moved it. */
  move(change: SagaChange, version: number, entry: Omit<SagaJournalEntry, 'version'>): Promise<boolean>;
  /**
   * Takes runs that are due, longest due first, until `untilMs`: nobody else gets them before. `abandoned` ones had been taken by somebody who has neither moved
   * them nor given them back in time.
   */
  takeDue(options: {
    readonly nowMs: number;
    readonly untilMs: number;
    readonly limit: number;
  }): Promise<readonly (SagaRecord & { readonly abandoned: boolean })[]>;
  /** Ends the taking of a run that has not moved since: it is due at `dueAt`. */
  giveBack(run: Pick<SagaRecord, 'saga' | 'id' | 'version'>, dueAt: number): Promise<void>;
  /** The least instant at which a run has to be looked at; undefined when there is none. */
  nextDueAt(): Promise<number | undefined>;
  /** How many runs are due or in work by `nowMs`. */
  busy(nowMs: number): Promise<number>;
  /** Runs by ascending saga and id, behind `after`. */
  list(page: {
    readonly saga?: string;
    readonly status?: SagaStatus;
    readonly after?: Pick<SagaRecord, 'saga' | 'id'>;
    readonly limit: number;
  }): Promise<readonly SagaRecord[]>;
  /** What happened to a run, oldest first. */
  journal(saga: string, id: string): Promise<readonly SagaJournalEntry[]>;
  /** Runs that have not ended, by saga and status; nothing where there are none. */
  counts(): Promise<readonly SagaCount[]>;
  /** Writes a plan down, once per version. */
  keepPlan(plan: SagaPlan): Promise<void>;
  plan(saga: string, version: string): Promise<SagaPlan | null>;
  /** Forgets runs that ended before this instant, with their journals, at most `limit`; answers how many. */
  purge(endedBefore: number, limit: number): Promise<number>;
}
