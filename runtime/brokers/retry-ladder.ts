import type { Queue, RetryStep } from './broker.js';

const defaultDelaysMs = [1_000, 5_000, 30_000, 120_000, 600_000];

/** The waiting places of a queue, ascending by delay; what its topology names, else five steps from a second to ten minutes. */
export function retryLadder(queue: Pick<Queue, 'name' | 'retries'>): readonly RetryStep[] {
  return (
    queue.retries ?? defaultDelaysMs.map((delayMs) => ({ name: `${queue.name}.retry.${delayText(delayMs)}`, delayMs }))
  );
}

/** The lowest step that lasts at least `delayMs`, else the highest: who comes from there too early waits once more. */
export function retryStep(ladder: readonly RetryStep[], delayMs: number): RetryStep | undefined {
  return ladder.find((step) => step.delayMs >= delayMs) ?? ladder.at(-1);
}

/** `250ms`, `5s`, `10m`, `2h`: the largest unit without a rest. */
export function delayText(delayMs: number): string {
  const units = [
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1_000],
  ] as const;
  const [unit, length] = units.find(([, size]) => delayMs % size === 0 && delayMs >= size) ?? (['ms', 1] as const);
  return `${delayMs / length}${unit}`;
}
