/** Cancels a timer; calling it twice does nothing. */
export type Cancel = () => void;

/**
 * Time as a value, so that a simulation can own it.
 *
 * Promises: `now` never goes back within one process. Does not promise: that two processes agree; ordering never relies on it.
 */
export interface Clock {
  /** Milliseconds since the Unix epoch, fractions allowed. */
  now(): number;
  /** Calls `run` once, `delayMs` (0 to 2^31-1) from now. A pending timer does not keep the process alive. */
  timer(delayMs: number, run: () => void): Cancel;
  /** Resolves after `delayMs`; rejects with the signal's reason when it is aborted first. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}

/** Chance as a value, so that a seed can own it. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** A UUID; version 7 where the source knows the time, so that ids sort by creation. */
  uuid(): string;
}

/** What `performance.now()` lacks of `now()`. Only grows. */
let origin = 0;

/**
 * The machine's clock, made monotone within the process: when the wall clock is set back, it goes on from where it was. Repeating the last instant until the
 * wall has caught up would stop all that waits for one: retries, leases, deadlines.
 */
export const systemClock: Clock = {
  now() {
    const elapsed = performance.now();
    origin = Math.max(origin, Date.now() - elapsed);
    // Whole milliseconds, as of the wall clock; the rest of the sum's rounding must not take one away.
    return Math.floor(origin + elapsed + 0.001);
  },
  timer(delayMs, run) {
    const handle = setTimeout(run, Math.min(Math.max(delayMs, 0), 2_147_483_647));
    handle.unref?.();
    return () => clearTimeout(handle);
  },
  sleep(delayMs, signal) {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      // Not unref'd: somebody awaits this promise.
      const handle = setTimeout(done, delayMs);
      signal?.addEventListener('abort', stop, { once: true });
      function done(): void {
        signal?.removeEventListener('abort', stop);
        resolve();
      }
      function stop(): void {
        clearTimeout(handle);
        reject(signal?.reason);
      }
    });
  },
};

/**
 * Keeps the process alive until cancelled. Timers of a clock do not, so that a forgotten one holds nobody up; but a program that waits for its service to
 * be stopped has to stay, even when nothing but such timers is left.
 */
export function stayAwake(): Cancel {
  const handle = setInterval(() => {}, 2_147_483_647);
  return () => clearInterval(handle);
}

/** The machine's randomness; ids are UUID version 7 (RFC 9562 section 5.7), so that a later message has a later id. */
export const systemRandom: Random = {
  next: () => Math.random(),
  uuid: () => uuidV7(systemClock.now(), fillFromPool),
};

/** Random bytes that have been asked for and not used: asking the system for each id costs more than everything else about it. */
const pool = { bytes: new Uint8Array(0), used: 0 };

function fillFromPool(bytes: Uint8Array<ArrayBuffer>): void {
  if (pool.used + bytes.length > pool.bytes.length) {
    pool.bytes = globalThis.crypto.getRandomValues(new Uint8Array(4_096));
    pool.used = 0;
  }
  bytes.set(pool.bytes.subarray(pool.used, pool.used + bytes.length));
  // Nobody who reads this memory later learns an id.
  pool.bytes.fill(0, pool.used, pool.used + bytes.length);
  pool.used += bytes.length;
}

const hexDigits = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Lays out a version 7 UUID: 48 bits of milliseconds, then random bits. */
export function uuidV7(nowMs: number, fill: (bytes: Uint8Array<ArrayBuffer>) => void): string {
  const bytes = new Uint8Array(16);
  fill(bytes);
  let time = Math.floor(nowMs);
  for (let index = 5; index >= 0; index--) {
    bytes[index] = time % 256;
    time = Math.floor(time / 256);
  }
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  let hex = '';
  for (const byte of bytes) hex += hexDigits[byte];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
