import type { PlannedFault } from '../plan.js';
import type { Fault } from './fault.js';
import { refuseFields } from './fields.js';

interface RefusePublish extends PlannedFault {
  readonly fault: 'refuse-publish';
  readonly service: string;
  readonly step: string;
  /** Tries that are refused; default 1. */
  readonly times?: number;
}

/** The broker takes nothing: what is committed has to leave later. */
export const refusePublish: Fault<RefusePublish> = {
  id: 'refuse-publish',
  title: 'The broker does not take a message.',
  refuse: (planned) => refuseFields(planned, { service: 'string', step: 'string', times: 'number?' }),
  words: ({ service, step, times = 1 }) =>
    `broker refuses ${step} of ${service}${times === 1 ? '' : `, ${times} times`}`,
  install(planned, hooks) {
    const { service, step, times = 1 } = planned;
    hooks.onPublish((publishing) => {
      if (publishing.service !== service || publishing.step !== step || publishing.nth > times) return undefined;
      hooks.struck(this.id, this.words(planned), { service, step });
      return 'refuse';
    });
  },
  simpler: (planned) => ((planned.times ?? 1) > 1 ? [{ ...planned, times: 1 }] : []),
};
