import type { Queue, RetryStep } from '../broker.js';
import { retryLadder } from '../retry-ladder.js';
import { entranceOf, partitionNames } from './layout.js';

/** What a subscription knows of its queue. */
export interface Shape {
  readonly name: string;
  /** The queues that are consumed: one, or one per partition. */
  readonly sources: readonly string[];
  /** Where a message is published that is to reach the queue. */
  readonly entrance: { readonly exchange: string; readonly key: string };
  /** Infinity where nobody said. */
  readonly maxDeliveries: number;
  /** The server does not count deliveries of it. */
  readonly uncounted: boolean;
  /** Empty where nobody said: a retry then waits in the hands of its consumer. */
  readonly ladder: readonly RetryStep[];
  /** Absent where nobody said: what is dead-lettered then goes to the end of the queue itself. */
  readonly deadLetter?: string;
  /** The queues whose dead letters these are. */
  readonly buriedFrom: readonly Queue[];
}

export function shapeOf(queue: Queue): Shape {
  return {
    ...{ name: queue.name, sources: partitionNames(queue), entrance: entranceOf(queue) },
    ...{ maxDeliveries: queue.maxDeliveries, uncounted: queue.type === 'classic' },
    ...{ ladder: retryLadder(queue), deadLetter: queue.deadLetter, buriedFrom: [] },
  };
}

/** A queue that this connection has not declared: dead letters, or what another one declared. */
export function shapeOfName(name: string, partitions: number, buriedFrom: readonly Queue[] = []): Shape {
  return {
    ...{ name, sources: partitionNames({ name, partitions }), entrance: entranceOf({ name, partitions }) },
    ...{ maxDeliveries: Number.POSITIVE_INFINITY, uncounted: false, ladder: [], buriedFrom },
  };
}
