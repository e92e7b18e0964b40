import { type Clock, systemClock } from '../../../runtime/clock.js';

/**
 * The machine's clock, `speed` times as fast since `originMs`: what a crashed relay had taken is free again after 10 s of it, and a test need not wait for
 * them. Clocks of one origin and speed agree, in whatever process.
 */
export function fastClock(originMs: number, speed: number): Clock {
  return {
    now: () => originMs + (systemClock.now() - originMs) * speed,
    timer: (delayMs, run) => systemClock.timer(delayMs / speed, run),
    sleep: (delayMs, signal) => systemClock.sleep(delayMs / speed, signal),
  };
}
