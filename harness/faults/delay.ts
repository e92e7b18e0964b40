import type { PlannedFault } from '../plan.js';
import type { Fault } from './fault.js';
import { refuseFields } from './fields.js';

interface Delay extends PlannedFault {
  readonly fault: 'delay';
  readonly step: string;
  /** Service whose queue the message reaches late. */
  readonly to: string;
  readonly byMs: number;
}

/** A message overtaken by others on its way: brokers keep no order across retries, partitions and reconnects. */
export const delay: Fault<Delay> = {
  id: 'delay',
  title: 'A message reaches one consumer late.',
  refuse: (planned) => refuseFields(planned, { step: 'string', to: 'string', byMs: 'number' }),
  words: ({ step, to, byMs }) => `delay of ${step} to ${to} by ${byMs} ms`,
  install(planned, hooks) {
    const { step, to, byMs } = planned;
    hooks.onArrive((arrival) => {
      if (arrival.step !== step || arrival.service !== to || arrival.nth !== 1) return undefined;
      hooks.struck(this.id, this.words(planned), { service: to, step });
      return [byMs];
    });
  },
  simpler: (planned) => [10, 30, 100, 300].filter((byMs) => byMs < planned.byMs).map((byMs) => ({ ...planned, byMs })),
};
