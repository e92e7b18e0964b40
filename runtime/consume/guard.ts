import type { Outcome } from '../guard.js';
import type { DeadVerdict, DoneVerdict } from './consumer.js';

/** What the guard's answer means for the message. `subject` names the entity, such as `Employee e1`. */
export function verdictOf(outcome: Outcome, subject: string): DoneVerdict | DeadVerdict {
  return outcome === 'conflict'
    ? { kind: 'dead', reason: 'conflict', detail: `two writers: another state of ${subject} has the same version` }
    : { kind: 'done', outcome };
}
