import type { PlannedFault } from '../plan.js';
import type { Fault } from './fault.js';
import { refuseFields } from './fields.js';

interface FlagOff extends PlannedFault {
  readonly fault: 'flag-off';
  readonly flag: string;
  /** Only from this virtual instant on, in ms after the start; for `forMs`, default until everything is healed. */
  readonly atMs?: number;
  readonly forMs?: number;
}

/** Somebody switches a feature off while others use it. */
export const flagOff: Fault<FlagOff> = {
  id: 'flag-off',
  title: 'A feature is switched off.',
  refuse: (planned) => refuseFields(planned, { flag: 'string', atMs: 'number?', forMs: 'number?' }),
  words: ({ flag, atMs, forMs }) =>
    `"${flag}" switched off${atMs === undefined ? '' : ` at ${atMs} ms`}${forMs === undefined ? '' : ` for ${forMs} ms`}`,
  install(planned, hooks) {
    const { flag, atMs = 0, forMs = Number.POSITIVE_INFINITY } = planned;
    hooks.onFlag(({ service, name }) => {
      const now = hooks.now();
      if (name !== flag || now < atMs || now >= atMs + forMs) return undefined;
      hooks.struck(this.id, this.words(planned), { service });
      return false;
    });
  },
};
