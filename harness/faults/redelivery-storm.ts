import type { PlannedFault } from '../plan.js';
import type { Fault } from './fault.js';
import { refuseFields } from './fields.js';

interface RedeliveryStorm extends PlannedFault {
  readonly fault: 'redelivery-storm';
  /** Service that gets everything again. */
  readonly of: string;
  /** Deliveries of each message whose acknowledgement is lost. */
  readonly times: number;
}

/** Nothing that a service acknowledges reaches the broker: it hands everything out again, time after time. */
export const redeliveryStorm: Fault<RedeliveryStorm> = {
  id: 'redelivery-storm',
  title: 'Every message is handed out again and again.',
  refuse: (planned) => refuseFields(planned, { of: 'string', times: 'number' }),
  words: ({ of, times }) => `everything for ${of} handed out ${times} times more`,
  install(planned, hooks) {
    const { of, times } = planned;
    hooks.onSettle((settling) => {
      if (settling.service !== of || settling.attempt > times) return undefined;
      hooks.struck(this.id, this.words(planned), {
        service: of,
        ...(settling.step !== undefined && { step: settling.step }),
      });
      return 'lose';
    });
  },
  simpler: (planned) => [1, 2].filter((times) => times < planned.times).map((times) => ({ ...planned, times })),
};
