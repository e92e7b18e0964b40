import type { Cancel, Clock } from '../runtime/clock.js';
import { Heap } from '../runtime/heap.js';

interface Timer {
  readonly at: number;
  /** Timers of one instant run in the order in which they were set. */
  readonly order: number;
  readonly run: () => void;
  cancelled: boolean;
}

// Kept before anybody replaces the global: a simulation patches timers, and the clock itself must still let the event loop turn.
const realImmediate = setImmediate;

/** Turns of the event loop granted to real work (such as an embedded database) before a standstill is called one. */
const patienceTurns = 200;

/**
 * Time that moves only when told to: hours pass in milliseconds, and every run is the same run.
 *
 * Promises: timers run in order of their instant, equal instants in the order of their setting; all promise continuations of one timer settle before
 * the next one runs. Does not promise anything about real I/O that a timer starts: that takes real time, during which this clock stands still.
 */
export class VirtualClock implements Clock {
  readonly #timers = new Heap<Timer>((a, b) => a.at < b.at || (a.at === b.at && a.order < b.order));
  readonly #busy: () => boolean;
  #now: number;
  #orders = 0;
  #pending = 0;

  /**
   * `startMs`: milliseconds since the Unix epoch; default 2026-01-01T00:00:00Z. `busy`: whether real work is under way, such as a statement of an embedded
   * database; time stands still until it is done.
   */
  constructor(startMs = 1_767_225_600_000, busy: () => boolean = () => false) {
    this.#now = startMs;
    this.#busy = busy;
  }

  now(): number {
    return this.#now;
  }

  /** Timers that are set and neither run nor cancelled. */
  get pending(): number {
    return this.#pending;
  }

  timer(delayMs: number, run: () => void): Cancel {
    const timer: Timer = { at: this.#now + Math.max(delayMs, 0), order: this.#orders++, run, cancelled: false };
    this.#timers.push(timer);
    this.#pending++;
    return () => this.#cancel(timer);
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const cancel = this.timer(delayMs, () => {
        signal?.removeEventListener('abort', stop);
        resolve();
      });
      signal?.addEventListener('abort', stop, { once: true });
      function stop(): void {
        cancel();
        reject(signal?.reason);
      }
    });
  }

  /** Lets `ms` pass: runs every timer that falls due, those set on the way included. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await this.#turns(() => {
      const next = this.#next();
      if (next === undefined || next.at > end) return 'done';
      this.#run(next);
      return 'go on';
    });
    this.#now = end;
  }

  /** Runs timers until none is left. A timer that sets itself again never ends: after `limitMs` of virtual time (default one day) this rejects. */
  async runUntilIdle(limitMs = 86_400_000): Promise<void> {
    const limit = this.#now + limitMs;
    await this.#turns(() => {
      const next = this.#next();
      if (next === undefined) return 'done';
      if (next.at > limit) throw new Error(`timers are still being set after ${limitMs} ms of virtual time`);
      this.#run(next);
      return 'go on';
    });
  }

  /** Runs timers until `condition` holds. Rejects when nothing is left that could make it true, or after `limitMs` of virtual time (default one day). */
  async runUntil(condition: () => boolean, limitMs = 86_400_000): Promise<void> {
    const limit = this.#now + limitMs;
    let idleTurns = 0;
    await this.#turns(() => {
      if (condition()) return 'done';
      const next = this.#next();
      if (next === undefined) {
        if (++idleTurns >= patienceTurns) throw new Error('the condition does not hold and nothing is left to happen');
        return 'go on';
      }
      if (next.at > limit) throw new Error(`the condition does not hold after ${limitMs} ms of virtual time`);
      idleTurns = 0;
      this.#run(next);
      return 'go on';
    });
  }

  /** Runs timers until `work` is settled, and answers what it answers. Rejects like `runUntil` when it never settles. */
  async run<T>(work: Promise<T>, limitMs?: number): Promise<T> {
    let settled = false;
    const done = () => {
      settled = true;
    };
    work.then(done, done);
    await this.runUntil(() => settled, limitMs);
    return work;
  }

  #next(): Timer | undefined {
    for (let first = this.#timers.peek(); first?.cancelled; first = this.#timers.peek()) this.#timers.pop();
    return this.#timers.peek();
  }

  #run(timer: Timer): void {
    this.#timers.pop();
    this.#now = timer.at;
    this.#cancel(timer);
    timer.run();
  }

  /**
   * Takes one `step` a turn, up to the one that is done; rejects with what a step throws. Every promise continuation that is queued, or queued by one of them,
   * has run before the next step; real work that is under way is waited for.
   */
  #turns(step: () => 'done' | 'go on'): Promise<void> {
    return new Promise((resolve, reject) => {
      const turn = (): void => {
        try {
          if (!this.#busy() && step() === 'done') resolve();
          else realImmediate(turn);
        } catch (error) {
          reject(error);
        }
      };
      realImmediate(turn);
    });
  }

  #cancel(timer: Timer): void {
    if (timer.cancelled) return;
    timer.cancelled = true;
    this.#pending--;
  }
}
