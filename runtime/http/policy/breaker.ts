import { CircuitOpenError, HttpStatusError, isProviderFailure } from '../errors.js';
import type { Answer, BreakerPolicy, Layer, Surroundings } from './policy.js';

/** Calls that a failure rate is taken over, and how many there must be before it says anything. */
const window = 20;
const windowMin = 10;

type State =
  | { readonly kind: 'closed'; readonly results: readonly boolean[]; readonly failuresInARow: number }
  | { readonly kind: 'open'; readonly untilMs: number }
  | { readonly kind: 'half-open'; readonly probing: number; readonly passed: number };

const closed: State = { kind: 'closed', results: [], failuresInARow: 0 };
const stateNumbers = { closed: 0, 'half-open': 1, open: 2 } as const;

/**
 * Stops calling a provider that keeps failing, so that neither side drowns: after `failureThreshold` failures in a row, or at `failureRate` among the last
 * calls, calls are refused with `CircuitOpenError` for `openForMs`; then at most `halfOpenMax` probes at a time go through, the others are still refused.
 * As many probes in a row close it, a failed one opens it again.
 *
 * Failed is what is the provider's fault (no connection, timeout, 5xx, an answer that breaks its contract) and what is slower than `slowCallMs`. A 4xx is
 * an answer, and a call that the caller gave up says nothing. Our own, not cockatiel's: that one knows neither slow calls nor several probes nor a clock
 * that a simulation owns.
 */
export function breaker(policy: BreakerPolicy, around: Surroundings): Layer {
  const { clock, count, gauge } = around;
  let state: State = closed;
  /** Grows with each change of state: a call that began before it says nothing about the present one. */
  let era = 0;

  function become(next: State): void {
    if (next.kind !== state.kind) {
      era += 1;
      gauge('seamwright.http.circuit.state', stateNumbers[next.kind]);
    }
    state = next;
  }

  function admit(): boolean {
    if (state.kind === 'open' && clock.now() >= state.untilMs) become({ kind: 'half-open', probing: 0, passed: 0 });
    if (state.kind === 'closed') return true;
    if (state.kind === 'open' || state.probing + state.passed >= policy.halfOpenMax) return false;
    become({ ...state, probing: state.probing + 1 });
    return true;
  }

  function note(failed: boolean, begunIn: number): void {
    if (begunIn !== era) return;
    if (state.kind === 'half-open') {
      const passed = state.passed + 1;
      if (failed) open();
      else if (passed >= policy.halfOpenMax) become(closed);
      else become({ ...state, probing: state.probing - 1, passed });
    } else if (state.kind === 'closed') {
      const results = [...state.results, failed].slice(-window);
      const failuresInARow = failed ? state.failuresInARow + 1 : 0;
      become({ kind: 'closed', results, failuresInARow });
      if (failed && tripped(results, failuresInARow)) open();
    }
  }

  function tripped(results: readonly boolean[], failuresInARow: number): boolean {
    const { failureThreshold, failureRate } = policy;
    if (failureThreshold !== undefined && failuresInARow >= failureThreshold) return true;
    const failures = results.filter((failed) => failed).length;
    return failureRate !== undefined && results.length >= windowMin && failures / results.length >= failureRate;
  }

  function open(): void {
    count('seamwright.http.circuit.opened');
    become({ kind: 'open', untilMs: clock.now() + policy.openForMs });
  }

  /** Neither good nor bad: the place of the probe is free again. */
  function forget(begunIn: number): void {
    if (begunIn === era && state.kind === 'half-open') become({ ...state, probing: state.probing - 1 });
  }

  return async (call, next): Promise<Answer> => {
    if (!admit()) {
      const waitMs = state.kind === 'open' ? state.untilMs - clock.now() : policy.openForMs;
      throw new CircuitOpenError(call.place, Math.max(Math.ceil(waitMs), 0));
    }
    const begunIn = era;
    const startedMs = clock.now();
    const slow = (): boolean => policy.slowCallMs !== undefined && clock.now() - startedMs > policy.slowCallMs;
    try {
      const answer = await next(call);
      note(slow(), begunIn);
      return answer;
    } catch (error) {
      if (isProviderFailure(error)) note(true, begunIn);
      else if (error instanceof HttpStatusError) note(slow(), begunIn);
      else forget(begunIn);
      throw error;
    }
  };
}
