import type { BreakerPolicy } from '../../runtime/http/policy/policy.js';
import type { Try } from './tries.js';

/** What a breaker would let happen at an instant. `unknown`: what was seen from outside leaves more than one possibility. */
export type Allows = 'call' | 'probe' | 'nothing' | 'unknown';

/** How many of the last calls a failure rate is taken over, and how many there must be. */
const window = 20;
const windowMin = 10;
/** Two events of one instant have no order that can be seen. */
const slackMs = 1;

type State =
  | { readonly kind: 'closed'; readonly results: readonly boolean[]; readonly inARow: number }
  | { readonly kind: 'open'; readonly untilMs: number }
  | { readonly kind: 'half-open'; readonly passed: number };

/**
 * The breaker of one operation, as its contract describes it, fed with what was seen on the wire. It says what may happen; it does not know what the breaker under
 * test thinks.
 */
export class ReferenceBreaker {
  readonly #policy: BreakerPolicy;
  #state: State = { kind: 'closed', results: [], inARow: 0 };
  #since = 0;
  #probing = 0;
  #sure = true;

  constructor(policy: BreakerPolicy) {
    this.#policy = policy;
  }

  allows(at: number): Allows {
    if (!this.#sure) return 'unknown';
    const state = this.#state;
    if (state.kind === 'closed') return 'call';
    if (state.kind === 'open') {
      if (Math.abs(at - state.untilMs) <= slackMs) return 'unknown';
      return at < state.untilMs ? 'nothing' : 'probe';
    }
    return this.#probing + state.passed < this.#policy.halfOpenMax ? 'probe' : 'nothing';
  }

  begin(at: number): void {
    if (this.#state.kind === 'open' && at >= this.#state.untilMs - slackMs)
      this.#become({ kind: 'half-open', passed: 0 }, at);
    if (this.#state.kind === 'half-open') this.#probing += 1;
  }

  end(one: Try): void {
    const { end } = one;
    // A call that began before the state changed says nothing about the present one.
    if (end === undefined || one.at < this.#since) return;
    const failed = failureOf(one, this.#policy);
    if (failed === undefined) {
      this.#sure = false;
      return;
    }
    if (this.#state.kind === 'half-open') {
      this.#probing -= 1;
      const passed = this.#state.passed + 1;
      if (failed) this.#open(end.at);
      else if (passed >= this.#policy.halfOpenMax) this.#become({ kind: 'closed', results: [], inARow: 0 }, end.at);
      else this.#state = { kind: 'half-open', passed };
    } else if (this.#state.kind === 'closed') {
      const results = [...this.#state.results, failed].slice(-window);
      const inARow = failed ? this.#state.inARow + 1 : 0;
      this.#state = { kind: 'closed', results, inARow };
      if (failed && this.#tripped(results, inARow)) this.#open(end.at);
    }
  }

  #tripped(results: readonly boolean[], inARow: number): boolean {
    const { failureThreshold, failureRate } = this.#policy;
    if (failureThreshold !== undefined && inARow >= failureThreshold) return true;
    const failures = results.filter((failed) => failed).length;
    return failureRate !== undefined && results.length >= windowMin && failures / results.length >= failureRate;
  }

  #open(at: number): void {
    this.#become({ kind: 'open', untilMs: at + this.#policy.openForMs }, at);
  }

  #become(state: State, at: number): void {
    this.#state = state;
    this.#since = at;
    this.#probing = 0;
  }
}

/** Whether a try was the provider's failure; undefined when that cannot be seen from outside, such as for a body that may break its contract. */
function failureOf({ end, served }: Try, { slowCallMs }: BreakerPolicy): boolean | undefined {
  if (end === undefined) return undefined;
  if (end.error !== undefined) return /Timeout|fetch failed/.test(end.error) ? true : undefined;
  const status = end.status ?? 0;
  if (status >= 500) return true;
  // Nobody has sent this body: something on the way did, and it may say anything.
  if (served === undefined && status < 400) return undefined;
  return slowCallMs !== undefined && end.tookMs > slowCallMs;
}
