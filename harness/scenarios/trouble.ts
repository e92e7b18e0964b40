import type { PlannedFault } from '../plan.js';
import type { Story } from './story.js';

type Make = (story: Story, step: string) => PlannedFault;

/** Points of a consumer's work, and of a sender's. */
export const takingPoints = ['delivered', 'in-transaction', 'committed', 'settling', 'settled'] as const;
export const sendingPoints = ['in-transaction', 'committed', 'publishing', 'published'] as const;

/** What goes wrong on any day, with any message. */
const common: readonly Make[] = [
  ({ to, random }, step) => ({ fault: 'delay', step, to, byMs: random.between(5, 120) }),
  ({ to, random }, step) => ({ fault: 'duplicate', step, to, afterMs: random.pick([0, 1, 20, 150]) }),
  ({ to, random }, step) => ({ fault: 'crash', service: to, point: random.pick(takingPoints), step }),
  ({ from, random }, step) => ({ fault: 'crash', service: from, point: random.pick(sendingPoints), step }),
  ({ to, random }, step) => ({ fault: 'lose-ack', of: to, step, times: random.between(1, 3) }),
  ({ from }, step) => ({ fault: 'lose-confirm', service: from, step }),
  ({ from, random }, step) => ({ fault: 'refuse-publish', service: from, step, times: random.between(1, 3) }),
  ({ to, random }, step) => ({
    fault: 'store-fails',
    service: to,
    step,
    how: random.pick(['away', 'error']),
    times: random.between(1, 2),
  }),
  ({ to, random }, step) => ({
    ...{ fault: 'handler-throws', service: to, step, times: random.between(1, 2) },
    after: random.chance(0.5),
  }),
  ({ to, from, nowMs, random }) => ({
    fault: 'cut',
    service: random.pick([to, from, 'all']),
    atMs: random.between(0, nowMs + 20),
    forMs: random.between(1, 200),
  }),
  ({ to, nowMs, random }) => ({ fault: 'second-instance', service: to, atMs: random.between(0, nowMs) }),
];

/** Adds one fault to a story, about one of its messages. */
export function trouble(story: Story): void {
  const make = story.random.pick(common);
  if (make === undefined) return;
  story.fault(make(story, story.random.pick(story.steps)?.id ?? story.any()));
}
