import type { PlannedFault } from '../plan.js';
import type { Fault } from './fault.js';
import { refuseFields } from './fields.js';

interface LoseConfirm extends PlannedFault {
  readonly fault: 'lose-confirm';
  readonly service: string;
  readonly step: string;
}

/** The broker has the message and its sender does not know: it sends it again. */
export const loseConfirm: Fault<LoseConfirm> = {
  id: 'lose-confirm',
  title: 'The broker takes a message, and its sender never hears so.',
  refuse: (planned) => refuseFields(planned, { service: 'string', step: 'string' }),
  words: ({ service, step }) => `confirmation of ${step} to ${service} lost`,
  install(planned, hooks) {
    const { service, step } = planned;
    hooks.onPublish((publishing) => {
      if (publishing.service !== service || publishing.step !== step || publishing.nth !== 1) return undefined;
      hooks.struck(this.id, this.words(planned), { service, step });
      return 'lose-confirm';
    });
  },
};
