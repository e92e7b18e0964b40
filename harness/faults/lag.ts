import type { PlannedFault } from '../plan.js';
import type { Fault } from './fault.js';
import { refuseFields } from './fields.js';

interface Lag extends PlannedFault {
  readonly fault: 'lag';
  /** Service that everything reaches late. */
  readonly to: string;
  readonly byMs: number;
}

/** A consumer that is behind: everything comes, much later than it was told. */
export const lag: Fault<Lag> = {
  id: 'lag',
  title: 'Every message reaches one consumer late.',
  refuse: (planned) => refuseFields(planned, { to: 'string', byMs: 'number' }),
  words: ({ to, byMs }) => `${to} ${byMs} ms behind`,
  install(planned, hooks) {
    const { to, byMs } = planned;
    hooks.onArrive((arrival) => {
      if (arrival.service !== to) return undefined;
      hooks.struck(this.id, this.words(planned), {
        service: to,
        ...(arrival.step !== undefined && { step: arrival.step }),
      });
      return [byMs];
    });
  },
  simpler: (planned) => [100, 1000].filter((byMs) => byMs < planned.byMs).map((byMs) => ({ ...planned, byMs })),
};
