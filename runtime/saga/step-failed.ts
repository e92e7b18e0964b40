import { SeamwrightError } from '../errors.js';

/** Thrown by a local function of a saga to say that its step has failed for good and has done nothing: the saga goes back, or on without it. */
export class SagaStepFailed extends SeamwrightError {
  constructor(reason: string, cause?: unknown) {
    super('saga-step-failed', reason, { cause });
  }
}
