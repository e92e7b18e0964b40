import type { PlannedFault } from '../plan.js';
import type { Fault } from './fault.js';
import { refuseFields } from './fields.js';

interface Duplicate extends PlannedFault {
  readonly fault: 'duplicate';
  readonly step: string;
  readonly to: string;
  /** Between the message and its copy, in ms; 0: both at once. */
  readonly afterMs: number;
  /** Until the first of them arrives, in ms; default 1. */
  readonly firstMs?: number;
}

/** A message that comes twice: at least once means that it may. */
export const duplicate: Fault<Duplicate> = {
  id: 'duplicate',
  title: 'A message reaches one consumer twice.',
  refuse: (planned) => refuseFields(planned, { step: 'string', to: 'string', afterMs: 'number', firstMs: 'number?' }),
  words: ({ step, to, afterMs }) =>
    afterMs === 0 ? `${step} twice at once to ${to}` : `${step} once more to ${to}, ${afterMs} ms later`,
  install(planned, hooks) {
    const { step, to, afterMs, firstMs = 1 } = planned;
    hooks.onArrive((arrival) => {
      if (arrival.step !== step || arrival.service !== to || arrival.nth !== 1) return undefined;
      hooks.struck(this.id, this.words(planned), { service: to, step });
      return [firstMs, firstMs + afterMs];
    });
  },
  simpler: (planned) =>
    [0, 10, 30, 100].filter((afterMs) => afterMs < planned.afterMs).map((afterMs) => ({ ...planned, afterMs })),
};
