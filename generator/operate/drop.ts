import type { DeadLetter, DeadLetterFilter } from './dead-letters.js';
import { matches, readDeadLetter, servicesOf } from './dead-letters.js';
import type { RunningSystem } from './system.js';

/** A dropped dead letter, whole: from this it can be published again by hand. */
export interface DroppedRecord {
  readonly droppedAt: string;
  readonly why: string;
  readonly service: string;
  readonly queue: string;
  readonly id: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bodyBase64: string;
}

export interface DropOptions {
  readonly why: string;
  /** At most so many. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
  /** Keeps the record for good; the message is removed only after this has resolved, and stays when it rejects. */
  keep(record: DroppedRecord): Promise<void>;
}

/** Removes dead letters, each after its record was kept. Answers those removed; one that stays is in nobody's list. */
export async function dropDeadLetters(
  system: RunningSystem,
  filter: DeadLetterFilter,
  { why, limit, signal, keep }: DropOptions,
): Promise<readonly DeadLetter[]> {
  const dropped: DeadLetter[] = [];
  for (const service of servicesOf(system, filter)) {
    for (const queue of service.queues) {
      if ((await system.broker.admin.depth(queue)) === null) continue;
      await system.broker.admin.sweepDeadLetters(queue, async (wire) => {
        if (signal?.aborted === true || (limit !== undefined && dropped.length >= limit)) return 'keep';
        const letter = readDeadLetter(service, queue, wire);
        if (!matches(letter, filter)) return 'keep';
        await keep({
          droppedAt: new Date(system.clock.now()).toISOString(),
          why,
          service: letter.service,
          queue: queue.name,
          id: letter.id,
          headers: wire.headers,
          bodyBase64: Buffer.from(wire.body).toString('base64'),
        });
        dropped.push(letter);
        return 'remove';
      });
    }
  }
  return dropped;
}
