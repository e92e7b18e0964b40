/** Long work that somebody asks about: what is known of it. All of it can be written as JSON. */
export interface Task<Result = unknown> {
  readonly id: string;
  /** What kind of work it is, such as `export`. */
  readonly kind: string;
  readonly state: 'running' | 'done' | 'failed';
  /** How far it has come; absent until something was said. */
  readonly progress?: TaskProgress;
  /** What came of it; with `done`. */
  readonly result?: Result;
  /** Why it failed, in one sentence; with `failed`. */
  readonly problem?: string;
  /** RFC 3339. */
  readonly startedAt: string;
  readonly updatedAt: string;
}

export interface TaskProgress {
  readonly done: number;
  readonly total?: number;
}

export interface TaskOptions {
  /** Starting the same id twice is one task. Default: a new one. */
  readonly id?: string;
  /** Counts as failed when it has not ended by then, in ms from its start. Default: it may run for as long as it is kept. */
  readonly timeoutMs?: number;
  /** How long it can be asked about after its last change, in ms. Default 7 days. */
  readonly keepMs?: number;
}

/** Tasks in a transaction: what is said of them commits with it. */
export interface Tasks {
  /** Rejects with `UsageError` when the id belongs to a task of another kind. */
  start(kind: string, options?: TaskOptions): Promise<Task>;
  /** Says how far it has come. Says nothing of a task that has ended. */
  progress(id: string, progress: TaskProgress): Promise<Task>;
  /** Ends it with a result, which must be JSON. The first end counts. */
  finish(id: string, result?: unknown): Promise<Task>;
  /** Ends it with a problem, in one sentence that may be shown to whoever asks. The first end counts. */
  fail(id: string, problem: string): Promise<Task>;
}

/** The tasks of a service, as whoever asks about them sees them. */
export interface TaskReader {
  /** Undefined when there is none of this id, or it was kept for long enough. */
  get(id: string): Promise<Task | undefined>;
}
