import type { RandomStream } from '../../generator/schema/random.js';
import type { CallStep, PlannedFault } from '../plan.js';
import type { Subject } from '../subject.js';
import { callStep, type Driver } from './calls-out.js';
import type { PlanDraft } from './scenario.js';

/** Writes a plan of requests to the service under test, and of what goes wrong beside them. */
export class RequestPlan {
  readonly subject: Subject;
  readonly random: RandomStream;
  readonly #to: Pick<Driver, 'operation' | 'caller'>;
  readonly #steps: CallStep[] = [];
  readonly #faults: PlannedFault[] = [];
  #nowMs = 0;

  constructor(subject: Subject, to: Pick<Driver, 'operation' | 'caller'>, random: RandomStream) {
    this.subject = subject;
    this.random = random;
    this.#to = to;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  pause(ms = 0): this {
    this.#nowMs += ms;
    return this;
  }

  /** A request, now; those without a pause between them come at one instant. Requests of equal `value` ask for the same. Gives its id. */
  request(more: Partial<CallStep> = {}): string {
    const number = this.#steps.length + 1;
    this.#steps.push(callStep(`m${number}`, this.#nowMs, this.#to, { value: number, ...more }));
    return `m${number}`;
  }

  fault(planned: PlannedFault): this {
    this.#faults.push(planned);
    return this;
  }

  draft(jitter = 0): PlanDraft {
    return { steps: this.#steps, faults: this.#faults, jitter };
  }
}
