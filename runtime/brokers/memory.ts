import { systemClock } from '../clock.js';
import type { WireMessage } from '../envelope.js';
import { UnavailableError, UsageError } from '../errors.js';
import type { Address, Broker, BrokerAdmin, BrokerCapabilities, Delivery, Subscription, Topology } from './broker.js';
import { memoryAdmin } from './memory/admin.js';
import type { MemoryConsumer } from './memory/consumer.js';
import { type MemoryBrokerOptions, MemoryServer } from './memory/server.js';

export type { MemoryFaults } from './memory/faults.js';
export type { MemoryBrokerOptions } from './memory/server.js';

/**
 * A broker inside the process: the default of development, tests and the simulation, with the behaviour of a real one (prefetch, redelivery, delivery
 * limit, delayed retry, dead letters, partitions, competing consumers, unroutable messages, lost connections).
 *
 * Promises: the same clock, random and faults give the same run; no timers but the clock's. Does not promise: that anything survives the process, or
 * that timers run while handlers never leave the microtask queue.
 */
export function memoryBroker(options: MemoryBrokerOptions = {}): MemoryBroker {
  return new MemoryBroker(new MemoryServer({ ...options, clock: options.clock ?? systemClock }));
}

const shared = new Map<string, MemoryBroker>();

/** The broker that everyone in this process shares who names the same URL: `memory:`, or `memory:<name>` for one apart. */
export function sharedMemoryBroker(url = 'memory:'): MemoryBroker {
  const broker = shared.get(url) ?? memoryBroker();
  shared.set(url, broker);
  return broker;
}

/** One client of a memory broker. Closing or cutting it leaves other clients alone. */
export class MemoryConnection implements Broker {
  readonly kind = 'memory';
  readonly capabilities: BrokerCapabilities = {
    persistent: false,
    unroutableDetected: true,
    orderPerKey: true,
    delayedRetry: true,
    competingConsumers: true,
  };
  readonly admin: BrokerAdmin;
  protected readonly server: MemoryServer;
  readonly #consumers = new Set<MemoryConsumer>();
  readonly #closed: () => void;
  #state: 'up' | 'cut' | 'closed' = 'up';

  /** `closed` is called each time the connection is closed. */
  constructor(server: MemoryServer, closed: () => void = () => {}) {
    this.server = server;
    this.#closed = closed;
    this.admin = memoryAdmin(server, () => this.refuseUnlessUp());
  }

  get connected(): boolean {
    return this.#state === 'up';
  }

  async declare(topology: Topology): Promise<void> {
    this.refuseUnlessUp();
    this.server.declare(topology);
  }

  async publish(address: Address, message: WireMessage): Promise<void> {
    this.refuseUnlessUp();
    this.server.publish(address, message);
  }

  /** `prefetch` is at least 1. Rejects with `UsageError` when the queue is not declared. */
  async subscribe(
    queue: string,
    options: { readonly prefetch: number },
    receive: (delivery: Delivery) => Promise<void>,
  ): Promise<Subscription> {
    this.refuseUnlessUp();
    if (!(options.prefetch >= 1)) throw new UsageError(`prefetch must be at least 1, not ${options.prefetch}`);
    const consumer = this.server.queue(queue).subscribe(options.prefetch, receive);
    this.#consumers.add(consumer);
    return {
      pause: () => consumer.pause(),
      resume: () => consumer.resume(),
      stop: async () => {
        await consumer.stop();
        this.#consumers.delete(consumer);
      },
    };
  }

  /** Does not wait for messages in flight: they go back to their queues. Stop the subscriptions first to drain. */
  async close(): Promise<void> {
    this.#state = 'closed';
    for (const consumer of this.#consumers) consumer.drop();
    this.#consumers.clear();
    this.#closed();
  }

  /** The connection breaks: unsettled messages are handed out again, later settlements are ignored, everything else rejects until `restore`. */
  cut(): void {
    if (this.#state !== 'up') return;
    this.#state = 'cut';
    for (const consumer of this.#consumers) consumer.disconnect();
  }

  /** The connection is back, its subscriptions with it. */
  restore(): void {
    if (this.#state !== 'cut') return;
    this.#state = 'up';
    for (const consumer of this.#consumers) consumer.reconnect();
  }

  /** Messages that wait in a queue, first to be handed out first. */
  messages(queue: string): readonly WireMessage[] {
    return this.server.queue(queue).messages();
  }

  /** Messages that wait in the dead letters of a queue. */
  deadLetters(queue: string): readonly WireMessage[] {
    return this.server.queue(queue).shape.deadLetters?.messages() ?? [];
  }

  hasQueue(queue: string): boolean {
    return this.server.has(queue);
  }

  depth(queue: string): { readonly ready: number; readonly inFlight: number; readonly delayed: number } {
    return this.server.queue(queue).depth();
  }

  /** Resolves when nothing is queued, in flight or delayed in the named queues. Default: all queues but those of dead letters. */
  idle(queues?: readonly string[]): Promise<void> {
    return this.server.idle(queues);
  }

  protected refuseUnlessUp(): void {
    if (this.#state !== 'up') throw new UnavailableError(`the memory broker (connection ${this.#state})`);
  }
}

/** The broker itself, which is also its own first client: cutting or closing it cuts or closes every client. */
export class MemoryBroker extends MemoryConnection {
  readonly #clients = new Set<MemoryConnection>();

  /** A further client, such as one service of several in the process. Throws `UnavailableError` while the broker is cut or closed. */
  connect(): MemoryConnection {
    this.refuseUnlessUp();
    const client = new MemoryConnection(this.server, () => this.#clients.delete(client));
    this.#clients.add(client);
    return client;
  }

  override async close(): Promise<void> {
    await super.close();
    for (const client of [...this.#clients]) await client.close();
  }

  override cut(): void {
    super.cut();
    for (const client of this.#clients) client.cut();
  }

  override restore(): void {
    super.restore();
    for (const client of this.#clients) client.restore();
  }
}
