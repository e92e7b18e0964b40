import type { Exchange } from '../broker.js';
import { topicMatcher } from '../topic-match.js';
import type { MemoryQueue } from './queue.js';

interface Binding {
  readonly key: string;
  readonly queue: MemoryQueue;
  readonly takes: (key: string) => boolean;
}

/** One exchange with its bindings. */
export class MemoryExchange {
  readonly kind: Exchange['kind'];
  readonly #bindings: Binding[] = [];

  constructor(kind: Exchange['kind']) {
    this.kind = kind;
  }

  bind(queue: MemoryQueue, key: string): void {
    if (this.isBound(queue, key)) return;
    this.#bindings.push({ key, queue, takes: matcher(this.kind, key) });
  }

  isBound(queue: MemoryQueue, key: string): boolean {
    return this.#bindings.some((binding) => binding.queue === queue && binding.key === key);
  }

  /** Adds the queues that take `key`; a queue with several matching bindings gets the message once. */
  route(key: string, into: Set<MemoryQueue>): void {
    for (const binding of this.#bindings) if (binding.takes(key)) into.add(binding.queue);
  }
}

function matcher(kind: Exchange['kind'], bound: string): (key: string) => boolean {
  if (kind === 'fanout') return () => true;
  return kind === 'topic' ? topicMatcher(bound) : (key) => key === bound;
}
