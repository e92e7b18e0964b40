import type { PlannedFault } from '../plan.js';
import type { Fault } from './fault.js';
import { refuseFields } from './fields.js';

interface Skew extends PlannedFault {
  readonly fault: 'skew';
  readonly service: string;
  /** How far its clock is set. */
  readonly aheadMs?: number;
  readonly behindMs?: number;
  /** From when on; default: from the start. */
  readonly atMs?: number;
}

/** A clock that is wrong, or is put right in the middle of everything: no machine's clock agrees with another's. */
export const skew: Fault<Skew> = {
  id: 'skew',
  title: 'The clock of a service is wrong.',
  refuse: (planned) =>
    refuseFields(planned, { service: 'string', aheadMs: 'number?', behindMs: 'number?', atMs: 'number?' }),
  words: ({ service, aheadMs = 0, behindMs = 0, atMs = 0 }) => {
    const off = aheadMs - behindMs;
    return `clock of ${service} ${Math.abs(off)} ms ${off < 0 ? 'behind' : 'ahead'}${atMs === 0 ? '' : ` from ${atMs} ms`}`;
  },
  install(planned, hooks) {
    const { service, aheadMs = 0, behindMs = 0, atMs = 0 } = planned;
    hooks.at(atMs, () => hooks.struck(this.id, this.words(planned), { service }));
    hooks.onClock((whose) => (whose === service && hooks.now() >= atMs ? aheadMs - behindMs : 0));
  },
};
