import type { PlannedFault } from '../plan.js';
import type { Fault } from './fault.js';
import { refuseFields } from './fields.js';

interface SecondInstance extends PlannedFault {
  readonly fault: 'second-instance';
  readonly service: string;
  /** When it comes up. */
  readonly atMs: number;
}

/** The service runs twice: both take from one queue, and both send from one outbox. */
export const secondInstance: Fault<SecondInstance> = {
  id: 'second-instance',
  title: 'A service gets a second process beside the first.',
  refuse: (planned) => refuseFields(planned, { service: 'string', atMs: 'number' }),
  words: ({ service, atMs }) => `second process of ${service} from ${atMs} ms`,
  install(planned, hooks) {
    const { service, atMs } = planned;
    hooks.at(atMs, () => {
      hooks.struck(this.id, this.words(planned), { service });
      hooks.join(service);
    });
  },
};
