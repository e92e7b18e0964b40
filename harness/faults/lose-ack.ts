import type { PlannedFault } from '../plan.js';
import type { Fault } from './fault.js';
import { refuseFields } from './fields.js';

interface LoseAck extends PlannedFault {
  readonly fault: 'lose-ack';
  readonly step: string;
  /** Service whose acknowledgement is lost. */
  readonly of: string;
  /** Acknowledgements that are lost, each of one delivery; default 1. */
  readonly times?: number;
}

/** The work is done and the broker does not hear of it: it hands the message out again. */
export const loseAck: Fault<LoseAck> = {
  id: 'lose-ack',
  title: 'An acknowledgement never reaches the broker.',
  refuse: (planned) => refuseFields(planned, { step: 'string', of: 'string', times: 'number?' }),
  words: ({ step, of, times = 1 }) =>
    `acknowledgement of ${step} by ${of} lost${times === 1 ? '' : `, ${times} times`}`,
  install(planned, hooks) {
    const { step, of, times = 1 } = planned;
    hooks.onSettle((settling) => {
      if (settling.step !== step || settling.service !== of || settling.attempt > times) return undefined;
      hooks.struck(this.id, this.words(planned), { service: of, step });
      return 'lose';
    });
  },
  simpler: (planned) => ((planned.times ?? 1) > 1 ? [{ ...planned, times: 1 }] : []),
};
