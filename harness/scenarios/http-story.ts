import type { RandomStream } from '../../generator/schema/random.js';
import type { CallStep, PlannedFault, Step } from '../plan.js';
import type { Subject } from '../subject.js';
import { type CallOut, callStep, type Driver } from './calls-out.js';
import type { PlanDraft } from './scenario.js';

/** Writes a plan: requests to the service under test that make it call somebody, and what goes wrong with those calls. */
export class HttpStory {
  readonly out: CallOut;
  readonly driver: Driver;
  readonly subject: Subject;
  readonly random: RandomStream;
  readonly #steps: Step[] = [];
  readonly #faults: PlannedFault[] = [];
  #nowMs = 0;

  constructor(subject: Subject, out: CallOut, driver: Driver, random: RandomStream) {
    this.subject = subject;
    this.out = out;
    this.driver = driver;
    this.random = random;
  }

  /** Longest time that one call may take by its contract, with all its tries and waits, in ms. */
  get budgetMs(): number {
    const { deadlineMs, timeoutMs, retry } = this.out.policy;
    if (deadlineMs !== undefined) return deadlineMs;
    const attempts = retry?.attemptsMax ?? 1;
    return attempts * timeoutMs + (attempts - 1) * (retry?.maxMs ?? 0);
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  pause(ms = 0): this {
    this.#nowMs += ms;
    return this;
  }

  /** A request to the service under test, now; the next one comes 1 ms later. Gives its id. Requests of equal `value` ask for the same. */
  request(more: Partial<CallStep> = {}): string {
    const id = `m${this.#steps.length + 1}`;
    this.#steps.push(callStep(id, this.#nowMs, this.driver, { value: this.#steps.length + 1, ...more }));
    this.#nowMs += 1;
    return id;
  }

  /** A request on a good day, with time to be answered. What it leads to tells what later ones should. */
  goodDay(more: Partial<CallStep> = {}): string {
    const id = this.request(more);
    this.pause(this.budgetMs);
    return id;
  }

  /** Trouble with the call, from now on for `forMs`, default as long as one call may take. */
  trouble(fault: string, fields: Readonly<Record<string, unknown>> = {}, forMs: number = this.budgetMs): this {
    const { name: from } = this.subject;
    this.#faults.push({ fault, from, to: this.out.operation, atMs: this.#nowMs, forMs, ...fields });
    return this;
  }

  fault(planned: PlannedFault): this {
    this.#faults.push(planned);
    return this;
  }

  draft(jitter = 0): PlanDraft {
    return { steps: this.#steps, faults: this.#faults, jitter };
  }
}
