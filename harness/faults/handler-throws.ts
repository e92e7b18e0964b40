import type { PlannedFault } from '../plan.js';
import type { Fault } from './fault.js';
import { refuseFields } from './fields.js';

interface HandlerThrows extends PlannedFault {
  readonly fault: 'handler-throws';
  readonly service: string;
  readonly step: string;
  /** Calls that throw; more than there are tries means that it never goes well. */
  readonly times: number;
  /** Throws after its work instead of before. */
  readonly after?: boolean;
  /** Until everything is healed, in ms after the start: long enough for all tries of a handler that is to fail at each. */
  readonly atMs?: number;
  readonly forMs?: number;
}

/** A handler that fails, for a while or for good: its effect must not remain, and nobody else may wait for it. */
export const handlerThrows: Fault<HandlerThrows> = {
  id: 'handler-throws',
  title: 'A handler throws.',
  refuse: (planned) =>
    refuseFields(planned, {
      service: 'string',
      step: 'string',
      times: 'number',
      after: 'boolean?',
      atMs: 'number?',
      forMs: 'number?',
    }),
  words: ({ service, step, times, after }) =>
    `handler of ${service} throws ${after === true ? 'after its work ' : ''}for ${step}, ${times === 1 ? 'once' : `${times} times`}`,
  install(planned, hooks) {
    const { service, step, times, after } = planned;
    hooks.onHandler((call) => {
      if (call.service !== service || call.step !== step || call.nth > times) return undefined;
      hooks.struck(this.id, this.words(planned), { service, step });
      return after === true ? 'throw-after' : 'throw-before';
    });
  },
  simpler: (planned) => [1, 2].filter((times) => times < planned.times).map((times) => ({ ...planned, times })),
};
