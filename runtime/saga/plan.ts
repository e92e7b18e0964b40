import type { RetryPolicy } from '../retry-policy.js';

/**
 * A saga of the contract as plain data: what a run does, step by step. It is written down once per version beside the runs, so that a run goes on with the
 * plan it began with after a deploy that changes the contract.
 */
export interface SagaPlan {
  /** Name in the contract; for one participant of a choreography `<saga>/<step>`. */
  readonly name: string;
  /** Changes whenever steps, mappings or bounds do: a hash of them. */
  readonly version: string;
  readonly style: 'orchestration' | 'choreography';
  /** Longest time of one run; before the pivot it is undone then, after the pivot an alert tells. Absent = no bound. */
  readonly timeoutMs?: number;
  /** At least one. */
  readonly steps: readonly SagaStepPlan[];
  /** Sent with the transition into `completed`. */
  readonly completed?: SagaAnnouncement;
  /** Sent with the transition into `compensated`. */
  readonly compensated?: SagaAnnouncement;
  /** Messages that undo a run that has completed: another participant of a choreography has failed. */
  readonly undoOn?: readonly SagaSignal[];
}

/**
 * `query` changes nothing. `compensatable` can be undone. After the `pivot` there is no way back. `retriable` goes through in the end. `best-effort` may be
 * lost.
 */
export type SagaStepKind = 'query' | 'compensatable' | 'pivot' | 'retriable' | 'best-effort';

export interface SagaStepPlan {
  /** `stepId` of the contract. */
  readonly id: string;
  readonly kind: SagaStepKind;
  readonly action: SagaAction;
  /** Sent with the transition that records the step's success. */
  readonly announce?: SagaAnnouncement;
  /** Values to keep of the answer, by name: `$response.body#/path` for a call, `$message#/path` for an answering message. A local step keeps what it returns. */
  readonly outputs: Readonly<Record<string, SagaValue>>;
  /** The step's idempotency key, the same for every attempt. Absent = `<run>:<step>`. */
  readonly key?: SagaValue;
  /** How long one attempt may take, or an answering message may stay away. */
  readonly timeoutMs?: number;
  readonly retry: RetryPolicy;
  /** `compensate`: undo what was done. `continue`: go on without it. `retry`: again, until it works. `fail`: as `compensate`, said of a step with nothing before it. */
  readonly onFailure: 'compensate' | 'continue' | 'retry' | 'fail';
  /** What to do when nobody knows whether it happened. */
  readonly onUnknown: 'query' | 'retry-same-key' | 'manual';
  /** Tells whether the step happened; with `onUnknown: query`. */
  readonly query?: SagaCall;
  readonly compensate?: SagaCompensation;
}

/** What a step or a compensation does. */
export type SagaAction =
  /** A function of the service's own, inside the transition's transaction. */
  | { readonly kind: 'local'; readonly name: string; readonly with: SagaArguments }
  | SagaCall
  /** A command; the step ends with one of `succeeds` or `fails`, or at once when both are empty. */
  | {
      readonly kind: 'send';
      readonly command: string;
      readonly with: SagaArguments;
      readonly succeeds: readonly SagaSignal[];
      readonly fails: readonly SagaSignal[];
    }
  /** An event; the step ends at once, or with one of `succeeds` or `fails`. */
  | {
      readonly kind: 'publish';
      readonly event: string;
      readonly with: SagaArguments;
      readonly succeeds: readonly SagaSignal[];
      readonly fails: readonly SagaSignal[];
    }
  /** Waits for a message. */
  | { readonly kind: 'receive'; readonly succeeds: readonly SagaSignal[]; readonly fails: readonly SagaSignal[] }
  | { readonly kind: 'none' };

/** An HTTP operation of another service, through the generated client. */
export interface SagaCall {
  readonly kind: 'call';
  readonly provider: string;
  readonly operation: string;
  readonly with: SagaArguments;
  /** Request property that carries the idempotency key, when the operation takes one. */
  readonly keyAs?: string;
}

/** A message and where it says which run it belongs to. */
export interface SagaSignal {
  readonly message: string;
  /** Dotted path of the run's id in the message. */
  readonly id: string;
}

export interface SagaAnnouncement {
  readonly kind: 'publish' | 'send';
  /** Message that is published, or command that is sent. */
  readonly name: string;
  readonly with: SagaArguments;
}

export interface SagaCompensation {
  readonly action: SagaAction;
  /** Absent = `<run>:<step>:undo`. From the second round on its number is appended. */
  readonly key?: SagaValue;
  readonly retry: RetryPolicy;
}

/** Arguments by name; empty = the run's input and outputs by the names that are asked for. */
export type SagaArguments = Readonly<Record<string, SagaValue>>;

/**
 * A value, or where it comes from: `$input.<path>` (what the run was started with), `$steps.<step>.outputs.<name>`, `$<name>.<path>` (an output of a local
 * step by its name), `$run.id`, `$key`, and in outputs `$response.body#/<pointer>`, `$response.header.<name>`, `$message#/<pointer>`. A text that begins with
 * `$$` is that text with one `$` less.
 */
export type SagaValue =
  | string
  | number
  | boolean
  | null
  | readonly SagaValue[]
  | { readonly [name: string]: SagaValue };
