import type { RandomStream } from '../../generator/schema/random.js';
import type { CallStep } from '../plan.js';
import type { Subject } from '../subject.js';
import type { CallOut, Driver } from './calls-out.js';
import { RequestPlan } from './request-plan.js';

/** Writes a plan: requests to the service under test that make it call somebody, and what goes wrong with those calls. */
export class HttpStory extends RequestPlan {
  readonly out: CallOut;
  readonly driver: Driver;

  constructor(subject: Subject, out: CallOut, driver: Driver, random: RandomStream) {
    super(subject, driver, random);
    this.out = out;
    this.driver = driver;
  }

  /** Longest time that one call may take by its contract, with all its tries and waits, in ms. */
  get budgetMs(): number {
    const { deadlineMs, timeoutMs, retry } = this.out.policy;
    if (deadlineMs !== undefined) return deadlineMs;
    const attempts = retry?.attemptsMax ?? 1;
    return attempts * timeoutMs + (attempts - 1) * (retry?.maxMs ?? 0);
  }

  /** A request, now; the next one comes 1 ms later. */
  override request(more: Partial<CallStep> = {}): string {
    const id = super.request(more);
    this.pause(1);
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
    return this.fault({ fault, from, to: this.out.operation, atMs: this.nowMs, forMs, ...fields });
  }
}
