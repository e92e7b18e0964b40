import type { Clock, Random } from '../../../runtime/clock.js';
import { uuidV7 } from '../../../runtime/clock.js';

/** Chance that a seed decides. */
export interface Chance extends Random {
  /** 0 to `below` - 1. */
  integer(below: number): number;
  /** True in `share` of the cases. */
  happens(share: number): boolean;
  one<T>(of: readonly T[]): T;
}

/** mulberry32; ids carry the time in front, as in production. */
export function chanceOf(seed: number, clock: Clock): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const integer = (below: number): number => Math.floor(next() * below);
  return {
    next,
    integer,
    uuid: () => uuidV7(clock.now(), (bytes) => bytes.set(Array.from(bytes, () => integer(256)))),
    happens: (share) => next() < share,
    one: <T>(of: readonly T[]) => of[integer(of.length)] as T,
  };
}
