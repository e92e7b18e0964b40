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

let last = 0;

/** The machine's clock, made monotone within the process: a step back of the wall clock repeats the last instant. */
export const systemClock: Clock = {
  now() {
    last = Math.max(last, Date.now());
    return last;
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
  uuid: () => uuidV7(systemClock.now(), (bytes) => globalThis.crypto.getRandomValues(bytes)),
};

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
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
