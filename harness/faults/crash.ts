import type { PlannedFault } from '../plan.js';
import type { PointName } from '../world/hooks.js';
import type { Fault } from './fault.js';
import { refuseFields } from './fields.js';

interface Crash extends PlannedFault {
  readonly fault: 'crash';
  readonly service: string;
  readonly point: PointName;
  readonly step: string;
  /** The how manieth time that the service comes there with this step; default 1. */
  readonly nth?: number;
  /** Until it is started again, in ms; default 50. */
  readonly reviveMs?: number;
}

export const crashPoints: readonly PointName[] = [
  'delivered',
  'in-transaction',
  'committed',
  'settling',
  'settled',
  'publishing',
  'published',
  'calling',
  'called',
];

const where: Readonly<Record<PointName, string>> = {
  delivered: 'before it handles',
  'in-transaction': 'before the commit of',
  committed: 'after the commit of',
  settling: 'before it acknowledges',
  settled: 'after it acknowledged',
  publishing: 'before it publishes',
  published: 'after it published',
  calling: 'before it calls for',
  called: 'after the call for',
};

/** A process killed at a place that its work has come to; what it had not committed is rolled back, and it starts again on what is left. */
export const crash: Fault<Crash> = {
  id: 'crash',
  title: 'A process dies at a chosen point of its work and is started again.',
  refuse: (planned) =>
    refuseFields(planned, {
      service: 'string',
      point: 'string',
      step: 'string',
      nth: 'number?',
      reviveMs: 'number?',
    }) ??
    (crashPoints.some((point) => point === planned['point'])
      ? undefined
      : `"point" of a crash must be one of ${crashPoints.join(', ')}`),
  words: ({ service, point, step, nth = 1 }) =>
    `crash of ${service} ${where[point]} ${step}${nth === 1 ? '' : `, time ${nth}`}`,
  install(planned, hooks) {
    const { service, step, nth = 1, reviveMs = 50 } = planned;
    hooks.onPoint((point) => {
      if (point.service !== service || point.point !== planned.point || point.step !== step || point.nth !== nth)
        return undefined;
      hooks.struck(this.id, this.words(planned), { service, step });
      return { kind: 'crash', reviveMs };
    });
  },
};
