import type { PlannedFault } from '../plan.js';
import type { Fault } from './fault.js';
import { refuseFields } from './fields.js';
import { withBody, withHeaders } from './rewrite.js';

interface Tie extends PlannedFault {
  readonly fault: 'tie';
  /** The step that gets the other's instant. */
  readonly step: string;
  readonly with: string;
  /** Service that sends both. */
  readonly of: string;
}

/** Two changes of one instant: clocks are coarse, and producers round. */
export const tie: Fault<Tie> = {
  id: 'tie',
  title: 'Two messages carry the same instant.',
  refuse: (planned) => refuseFields(planned, { step: 'string', with: 'string', of: 'string' }),
  words: ({ step, with: other }) => `${step} at the same instant as ${other}`,
  install(planned, hooks) {
    const { step, with: other, of } = planned;
    let instant: string | undefined;
    hooks.onPublish((publishing) => {
      if (publishing.service !== of) return undefined;
      const { message } = publishing;
      const time = message.headers['ce-time'];
      if (publishing.step === other) instant = time;
      if (publishing.step !== step || instant === undefined || time === undefined) return undefined;
      hooks.struck(this.id, this.words(planned), { service: of, step });
      // Wherever the contract puts it: the same text as in the header.
      const text = new TextDecoder()
        .decode(message.body)
        .replaceAll(decodeURIComponent(time), decodeURIComponent(instant));
      return { replace: withHeaders(withBody(message, text), { 'ce-time': instant }) };
    });
  },
};
