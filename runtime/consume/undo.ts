import type { Incoming } from '../guard.js';
import type { DeadVerdict } from './consumer.js';
import type { Missing } from './on-timeout.js';
import type { ParkTarget } from './park.js';

/** A message that cannot be applied yet. */
export interface NotYet {
  readonly kind: 'missing';
  readonly missing: Missing;
  readonly target: ParkTarget;
  /** Set when the missing one is the message's own predecessor: what the guard has to be asked again. */
  readonly behind?: { readonly entity: string; readonly id: string; readonly incoming: Incoming };
}

/** Thrown inside a transaction to roll it back and answer `result` all the same. Never leaves the consumer. */
export class Undo extends Error {
  readonly result: DeadVerdict | NotYet;

  constructor(result: DeadVerdict | NotYet) {
    super('roll back');
    this.result = result;
  }
}
