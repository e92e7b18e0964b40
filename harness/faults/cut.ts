import type { PlannedFault } from '../plan.js';
import type { Fault } from './fault.js';
import { refuseFields } from './fields.js';

interface Cut extends PlannedFault {
  readonly fault: 'cut';
  /** Whose connection to the broker breaks; `all`: everybody's, as when the broker is down or starts anew. */
  readonly service: string;
  readonly atMs: number;
  readonly forMs: number;
}

/** A broken connection: what was not acknowledged comes again, what is published meanwhile has to wait. */
export const cut: Fault<Cut> = {
  id: 'cut',
  title: 'A connection to the broker breaks and comes back.',
  refuse: (planned) => refuseFields(planned, { service: 'string', atMs: 'number', forMs: 'number' }),
  words: ({ service, atMs, forMs }) =>
    `${service === 'all' ? 'broker gone' : `${service} cut off`} from ${atMs} ms, for ${forMs} ms`,
  install(planned, hooks) {
    const { service, atMs, forMs } = planned;
    const back = (): void => hooks.restore(service);
    hooks.at(atMs, () => {
      hooks.struck(this.id, this.words(planned), service === 'all' ? {} : { service });
      hooks.cut(service);
    });
    hooks.at(atMs + forMs, back);
    hooks.onHeal(back);
  },
  simpler: (planned) => [20, 100].filter((forMs) => forMs < planned.forMs).map((forMs) => ({ ...planned, forMs })),
};
