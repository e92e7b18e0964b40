import type { Clock, Random } from '../../clock.js';
import type { WireMessage } from '../../envelope.js';
import { UnavailableError, UnroutableError, UsageError } from '../../errors.js';
import type { Address, Exchange, Queue, Topology } from '../broker.js';
import { MemoryExchange } from './exchange.js';
import type { MemoryFaults } from './faults.js';
import { MemoryQueue, type QueueSurroundings } from './queue.js';

export interface MemoryBrokerOptions {
  /** Default: the machine's clock. */
  readonly clock?: Clock;
  /** Chooses which consumer of a queue gets the next message. Absent: they take turns. */
  readonly random?: Random;
  readonly faults?: MemoryFaults;
}

/** The state that all connections of one memory broker share: exchanges, queues and what lies in them. */
export class MemoryServer {
  readonly #exchanges = new Map<string, MemoryExchange>();
  readonly #queues = new Map<string, MemoryQueue>();
  readonly #faults: MemoryFaults;
  readonly #around: QueueSurroundings;
  #waiters: { readonly queues: readonly string[] | undefined; readonly resolve: () => void }[] = [];

  constructor(options: MemoryBrokerOptions & { readonly clock: Clock }) {
    this.#faults = options.faults ?? {};
    this.#around = {
      clock: options.clock,
      ...(options.random && { random: options.random }),
      faults: this.#faults,
      emptied: () => this.#tellWaiters(),
    };
  }

  /** Declares all of the topology, or throws `UsageError` and declares nothing. */
  declare(topology: Topology): void {
    this.#refuseContradictions(topology);
    for (const { name, kind } of topology.exchanges) {
      if (!this.#exchanges.has(name)) this.#exchanges.set(name, new MemoryExchange(kind));
    }
    for (const queue of topology.queues) {
      const declared = this.#queues.get(queue.name) ?? this.#add(queue);
      for (const binding of queue.bindings) this.#exchanges.get(binding.exchange)?.bind(declared, binding.key);
    }
  }

  /** Puts the message into every queue that takes it. Throws `UnroutableError` when none does. */
  publish(address: Address, message: WireMessage): void {
    const fault = this.#faults.publish?.(address, message) ?? 'none';
    if (fault === 'refuse') throw new UnavailableError('the memory broker');
    const queues = this.#route(address);
    if (queues.size === 0) throw new UnroutableError(`exchange "${address.exchange}", key "${address.key}"`);
    const kept = { headers: Object.freeze({ ...message.headers }), body: message.body.slice() };
    const partitionKey = address.partitionKey ?? message.headers['ce-partitionkey'];
    for (const queue of queues) queue.enqueue(kept, partitionKey);
    if (fault === 'lose-confirm') throw new UnavailableError('the memory broker');
  }

  has(name: string): boolean {
    return this.#queues.has(name);
  }

  /** Throws `UsageError` when nobody declared the queue. */
  queue(name: string): MemoryQueue {
    const queue = this.#queues.get(name);
    if (queue === undefined) throw new UsageError(`queue "${name}" is not declared`);
    return queue;
  }

  find(name: string): MemoryQueue | undefined {
    return this.#queues.get(name);
  }

  exchangeKind(name: string): Exchange['kind'] | undefined {
    return this.#exchanges.get(name)?.kind;
  }

  isBound(queue: MemoryQueue, exchange: string, key: string): boolean {
    return this.#exchanges.get(exchange)?.isBound(queue, key) ?? false;
  }

  /** Resolves when the queues hold nothing. Default: all but the dead-letter queues, whose messages wait for a person. */
  idle(queues?: readonly string[]): Promise<void> {
    return new Promise((resolve) => {
      this.#waiters.push({ queues, resolve });
      this.#tellWaiters();
    });
  }

  #route(address: Address): ReadonlySet<MemoryQueue> {
    const queues = new Set<MemoryQueue>();
    if (address.exchange !== '') {
      this.#exchanges.get(address.exchange)?.route(address.key, queues);
      return queues;
    }
    const direct = this.#queues.get(address.key);
    return direct === undefined ? queues : queues.add(direct);
  }

  #add(queue: Queue): MemoryQueue {
    const deadLetters = this.#queues.get(queue.deadLetter) ?? this.#addDeadLetters(queue.deadLetter);
    const added = new MemoryQueue({ ...queue, deadLetters }, this.#around);
    this.#queues.set(queue.name, added);
    return added;
  }

  #addDeadLetters(name: string): MemoryQueue {
    const added = new MemoryQueue({ name, partitions: 1, maxDeliveries: Number.POSITIVE_INFINITY }, this.#around);
    this.#queues.set(name, added);
    return added;
  }

  #refuseContradictions(topology: Topology): void {
    const kinds = new Map([...this.#exchanges].map(([name, exchange]) => [name, exchange.kind]));
    for (const { name, kind } of topology.exchanges) {
      const known = kinds.get(name) ?? kind;
      if (name === '') throw new UsageError('the exchange without a name cannot be declared');
      if (known !== kind) throw new UsageError(`exchange "${name}" is declared as ${known}, not as ${kind}`);
      kinds.set(name, kind);
    }
    for (const queue of topology.queues) {
      const unknown = queue.bindings.find((binding) => !kinds.has(binding.exchange));
      if (unknown)
        throw new UsageError(`queue "${queue.name}" is bound to exchange "${unknown.exchange}", which is not declared`);
      if (!(queue.partitions >= 1 && queue.maxDeliveries >= 1)) {
        throw new UsageError(`queue "${queue.name}" needs at least 1 partition and 1 delivery`);
      }
      this.#refuseOtherShape(queue);
    }
  }

  #refuseOtherShape(queue: Queue): void {
    const shape = this.#queues.get(queue.name)?.shape;
    if (shape === undefined) return;
    const same =
      shape.partitions === queue.partitions &&
      shape.maxDeliveries === queue.maxDeliveries &&
      shape.deadLetters?.shape.name === queue.deadLetter;
    if (!same) throw new UsageError(`queue "${queue.name}" is declared with other settings`);
  }

  #tellWaiters(): void {
    if (this.#waiters.length === 0) return;
    const waiting = this.#waiters.filter((waiter) => !this.#holdNothing(waiter.queues));
    const done = this.#waiters.filter((waiter) => !waiting.includes(waiter));
    this.#waiters = waiting;
    for (const waiter of done) waiter.resolve();
  }

  #holdNothing(names: readonly string[] | undefined): boolean {
    if (names !== undefined) return names.every((name) => this.queue(name).isEmpty);
    return [...this.#queues.values()].every((queue) => queue.shape.deadLetters === undefined || queue.isEmpty);
  }
}
