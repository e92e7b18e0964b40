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
  /** Id of the run that an input starts: the contract's correlation key. */
  id(input: Input): string;
  /** Message that starts a run, with the run's id in it; absent when an operation or a job of the service does. */
  readonly startsOn?: SagaSignal;
}
