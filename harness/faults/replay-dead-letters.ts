import type { PlannedFault } from '../plan.js';
import type { Fault } from './fault.js';
import { refuseFields } from './fields.js';

interface ReplayDeadLetters extends PlannedFault {
  readonly fault: 'replay-dead-letters';
  readonly service: string;
  readonly atMs: number;
}

/** An operator puts dead letters back, after the world has moved on. */
export const replayDeadLetters: Fault<ReplayDeadLetters> = {
  id: 'replay-dead-letters',
  title: 'The dead letters of a service are put back into its queue.',
  refuse: (planned) => refuseFields(planned, { service: 'string', atMs: 'number' }),
  words: ({ service, atMs }) => `dead letters of ${service} put back at ${atMs} ms`,
  install(planned, hooks) {
    const { service, atMs } = planned;
    hooks.at(atMs, () => {
      hooks.struck(this.id, this.words(planned), { service });
      hooks.replay(service);
    });
  },
};
