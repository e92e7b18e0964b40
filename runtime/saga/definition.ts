import type { Logger } from '../log.js';
import type { MessageDefinition } from '../message-definition.js';
import type { SagaPlan, SagaSignal } from './plan.js';
import type { SagaTable } from './table.js';

/** A saga that this service runs: the plan, its transitions, and what connects both to generated code. */
export interface SagaDefinition<Input = unknown> {
  readonly plan: SagaPlan;
  readonly transitions: SagaTable;
  /** Property of `options.sagas` that holds the local functions, and of `service.sagas`; such as `processPayment`. */
  readonly property: string;
  /** Names of the local functions that the plan calls. */
  readonly locals: readonly string[];
  /** Messages that it takes: the one that starts it, answers of its steps, and those of `undoOn`. */
  readonly messages: readonly MessageDefinition[];
  /** Id of the run that an input starts: the contract's correlation key. */
  id(input: Input): string;
  /** Message that starts a run, with the run's id in it; absent when an operation or a job of the service does. */
  readonly startsOn?: SagaSignal;
}

/** What a local function of a saga gets. Everything it does through `tx` commits with the transition that records it, or not at all. */
export interface SagaLocalContext<Input, Steps, Arguments, Tx> {
  readonly run: {
    /** Id of the run. */
    readonly id: string;
    /** `stepId` of the step that is done or undone. */
    readonly step: string;
    /** 1 for the first attempt of this step. */
    readonly attempt: number;
  };
  /** Idempotency key of the step or of its compensation. */
  readonly key: string;
  /** What the run was started with. */
  readonly input: Input;
  /** Outputs of the steps that are done, by `stepId`. */
  readonly steps: Steps;
  /** The contract's `with`. */
  readonly with: Arguments;
  readonly tx: Tx;
  readonly log: Logger;
  /** Aborted when the service stops. */
  readonly signal: AbortSignal;
}

/**
 * A local function of a saga. What it returns are the step's outputs. A rejection with `SagaStepFailed` means that the step has failed for good and
 * nothing was done; any other rejection is tried again within the step's bounds.
 */
export type SagaLocal<Input, Steps, Arguments, Output, Tx> = (
  context: SagaLocalContext<Input, Steps, Arguments, Tx>,
) => Promise<Output>;

/** Methods of generated clients that sagas call, by `<provider>.<operation>`. The request is what the plan's `with` makes, with the key in `keyAs`. */
export type SagaCalls = Readonly<
  Record<string, (request: never, options?: { readonly signal?: AbortSignal }) => Promise<unknown>>
>;

/** Where a run has come to. */
export interface SagaOutcome {
  readonly id: string;
  readonly state: 'running' | 'completed' | 'compensated' | 'stuck';
  /** Outputs of the steps that are done, by `stepId`. */
  readonly steps: Readonly<Record<string, unknown>>;
  /** Why it was undone or is stuck: the step and what it said. */
  readonly failure?: { readonly step: string; readonly reason: string };
}

/** A saga in a transaction: a run begins with its commit. */
export interface SagaStarter<Input> {
  /** Starting the same id twice is one run. */
  start(input: Input): Promise<{ readonly id: string; readonly isNew: boolean }>;
}

/** A saga of a service. */
export interface SagaControl<Input> extends SagaStarter<Input> {
  /** Undefined when no such run is known. Waits until it has ended, at most `waitMs`; default 0. */
  outcome(id: string, options?: { readonly waitMs?: number }): Promise<SagaOutcome | undefined>;
}
