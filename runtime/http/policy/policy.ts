import type { Clock, Random } from '../../clock.js';
import type { RetryPolicy } from '../../definition.js';
import type { CallPlace } from '../errors.js';

/** How a call is guarded, as a contract's policy says it. What is absent is not done. */
export interface CallPolicy {
  /** Longest time of one try, until its whole answer is there. */
  readonly timeoutMs: number;
  /** Longest time of the whole call with all its tries and waits; it is told to the provider. */
  readonly deadlineMs?: number;
  readonly retry?: RetryPolicy & {
    /** Causes after which another try may help: `network`, `timeout`, or a status such as `503`. */
    readonly on: readonly string[];
  };
  readonly circuitBreaker?: BreakerPolicy;
  readonly bulkhead?: {
    /** Calls at the same time. At least 1. */
    readonly concurrentMax: number;
    /** Calls that may wait for one of them to end; the next one is refused. */
    readonly queueMax: number;
  };
  readonly rateLimit?: { readonly requests: number; readonly perMs: number };
  readonly cache?: {
    /** For so long an answer is given again without a call. 0 keeps it for failures only. */
    readonly ttlMs: number;
    /** For so much longer it is given when the call fails. */
    readonly staleIfErrorMs?: number;
  };
  readonly fallback?: Fallback;
}

export interface BreakerPolicy {
  /** Failures in a row that open it. */
  readonly failureThreshold?: number;
  /** Share of failed calls, above 0 to 1, among the last `window` that opens it. */
  readonly failureRate?: number;
  /** A call that takes longer counts as failed. */
  readonly slowCallMs?: number;
  /** Time until it lets probes through. */
  readonly openForMs: number;
  /** Probes at a time; when as many in a row succeed it closes, when one fails it opens again. At least 1. */
  readonly halfOpenMax: number;
}

/**
 * What a call that failed gives instead. `fail`: its error. `cached`: the last answer as long as `staleIfErrorMs` allows, else the error. `none`, `skip` and
 * `default`: null. `{ value }`: that value.
 */
export type Fallback = 'fail' | 'none' | 'cached' | 'default' | 'skip' | { readonly value: unknown };

/** What a call gave. */
export interface Answer {
  readonly value: unknown;
  /** Status of the provider's answer; of a kept one the status it had. Absent when the value is the contract's fallback. */
  readonly status?: number;
  /** Headers of that answer, such as `etag`; absent with the status. */
  readonly headers?: Headers;
  readonly from: 'provider' | 'cache' | 'fallback';
  /** How old a kept answer is. */
  readonly ageMs?: number;
}

/** One call on its way through the policies. */
export interface Call {
  readonly place: CallPlace;
  /** Ends the call, or the try at hand. */
  readonly signal: AbortSignal | undefined;
  /** When the whole call must be over, in ms by the clock. */
  readonly deadlineAtMs: number | undefined;
  /** Longest time of one try, instead of the policy's. */
  readonly timeoutMs: number | undefined;
  /** Doing it twice has the effect of once: by its method, or by its idempotency key. */
  readonly repeatable: boolean;
  /** Names what is asked for, as whom; undefined for calls that are no reading. */
  readonly cacheKey: string | undefined;
  /** 1 for the first try. */
  readonly attempt: number;
}

/** What the policies of one operation share between its calls. */
export interface Surroundings {
  readonly clock: Clock;
  readonly random: Pick<Random, 'next'>;
  /** Counts what a policy did, such as `seamwright.http.retries`. */
  count(name: string, attributes?: Readonly<Record<string, string>>): void;
  gauge(name: string, value: number): void;
}

export type Next = (call: Call) => Promise<Answer>;

/** One policy around whatever lies within it. */
export type Layer = (call: Call, next: Next) => Promise<Answer>;
