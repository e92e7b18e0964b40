import type { Clock, Random } from '../../clock.js';
import type { WireMessage } from '../../envelope.js';
import { UnavailableError } from '../../errors.js';
import type { Delivery } from '../broker.js';
import { deadLetterHeaders, deliveryLimit } from '../dead-letter.js';
import { partitionOf } from '../partition.js';
import { MemoryConsumer } from './consumer.js';
import type { MemoryFaults } from './faults.js';
import { ReadyList } from './ready-list.js';

/** A message in a queue. `position` grows with each arrival; `attempt` counts the hand-overs so far. */
interface Entry {
  readonly message: WireMessage;
  readonly partition: Partition;
  readonly position: number;
  readonly attempt: number;
}

interface Partition {
  readonly ready: ReadyList<Entry>;
  inFlight: number;
}

interface Handover {
  readonly entry: Entry;
  readonly consumer: MemoryConsumer;
  readonly giveBack: () => void;
}

/** A message whose consumer failed comes back no sooner: without it, one that fails at once would spin and no time would ever pass. */
const redeliveryMs = 1;

/** What a queue needs of its broker. */
export interface QueueSurroundings {
  readonly clock: Clock;
  /** Absent: consumers take turns. */
  readonly random?: Random;
  readonly faults: MemoryFaults;
  /** Called when the last message has left the queue. */
  readonly emptied: () => void;
}

export interface QueueShape {
  readonly name: string;
  readonly partitions: number;
  readonly maxDeliveries: number;
  /** Absent for a dead-letter queue: what is dead-lettered there stays there. */
  readonly deadLetters?: MemoryQueue;
}

/**
 * One queue of the memory broker: partitions of waiting messages, and the consumers that share them.
 *
 * With one partition a message is handed out while earlier ones are still open, up to each consumer's prefetch. With several, each partition has at most
 * one message open, so that its order holds among competing consumers. A message that waits for its retry blocks nobody; it comes back at the end of
 * the queue, while one that was given back (or retried without delay) comes back to where it stood.
 */
export class MemoryQueue {
  readonly shape: QueueShape;
  readonly #around: QueueSurroundings;
  readonly #partitions: readonly Partition[];
  readonly #openPerPartition: number;
  readonly #consumers: MemoryConsumer[] = [];
  #positions = 0;
  #keyless = 0;
  #turn = 0;
  #delayed = 0;
  #inFlight = 0;
  #waking = false;

  constructor(shape: QueueShape, around: QueueSurroundings) {
    this.shape = shape;
    this.#around = around;
    this.#partitions = Array.from({ length: shape.partitions }, () => ({ ready: new ReadyList<Entry>(), inFlight: 0 }));
    this.#openPerPartition = shape.partitions > 1 ? 1 : Number.POSITIVE_INFINITY;
  }

  /** Takes a message; one without a key goes to the partitions in turn. */
  enqueue(message: WireMessage, partitionKey: string | undefined): void {
    const count = this.#partitions.length;
    const index = partitionKey === undefined ? this.#keyless++ % count : partitionOf(partitionKey, count);
    const partition = this.#partitions[index] as Partition;
    const delays = this.#around.faults.arrive?.(this.shape.name, message) ?? [0];
    for (const delayMs of delays) this.#append({ message, partition, attempt: 0 }, delayMs);
  }

  subscribe(prefetch: number, receive: (delivery: Delivery) => Promise<void>): MemoryConsumer {
    const consumer = new MemoryConsumer(this, prefetch, receive);
    this.#consumers.push(consumer);
    this.wake();
    return consumer;
  }

  depth(): { readonly ready: number; readonly inFlight: number; readonly delayed: number } {
    const ready = this.#partitions.reduce((sum, partition) => sum + partition.ready.size, 0);
    return { ready, inFlight: this.#inFlight, delayed: this.#delayed };
  }

  get isEmpty(): boolean {
    return (
      this.#inFlight === 0 && this.#delayed === 0 && this.#partitions.every((partition) => partition.ready.size === 0)
    );
  }

  /** Waiting messages, in the order of their positions. */
  messages(): readonly WireMessage[] {
    const entries = this.#partitions.flatMap((partition) => partition.ready.list());
    return entries.sort((a, b) => a.position - b.position).map((entry) => entry.message);
  }

  get consumerCount(): number {
    return this.#consumers.length;
  }

  /** Takes a waiting message away, one that `messages` has shown; false when it is not waiting any more. */
  discard(message: WireMessage): boolean {
    const removed = this.#partitions.some(({ ready }) => ready.remove((entry) => entry.message === message));
    if (removed && this.isEmpty) this.#around.emptied();
    return removed;
  }

  leave(consumer: MemoryConsumer): void {
    const index = this.#consumers.indexOf(consumer);
    if (index >= 0) this.#consumers.splice(index, 1);
  }

  /** Hands out what can be handed out, soon: never inside the call that made it possible. */
  wake(): void {
    if (this.#waking) return;
    this.#waking = true;
    queueMicrotask(() => {
      this.#waking = false;
      this.#handOut();
    });
  }

  #handOut(): void {
    for (let consumer = this.#nextConsumer(); consumer !== undefined; consumer = this.#nextConsumer()) {
      const entry = this.#nextEntry();
      if (entry === undefined) return;
      this.#handOver(entry, consumer);
    }
  }

  #nextConsumer(): MemoryConsumer | undefined {
    const count = this.#consumers.length;
    const start = this.#around.random ? Math.floor(this.#around.random.next() * count) : this.#turn;
    for (let step = 0; step < count; step++) {
      const index = (start + step) % count;
      const consumer = this.#consumers[index];
      if (!consumer?.hasRoom) continue;
      this.#turn = index + 1;
      return consumer;
    }
    return undefined;
  }

  /** The message that stands first among the partitions that may have one more open. */
  #nextEntry(): Entry | undefined {
    let best: Entry | undefined;
    for (const partition of this.#partitions) {
      if (partition.inFlight >= this.#openPerPartition) continue;
      const first = partition.ready.first();
      if (first !== undefined && (best === undefined || first.position < best.position)) best = first;
    }
    return best?.partition.ready.take();
  }

  #handOver(taken: Entry, consumer: MemoryConsumer): void {
    const entry = { ...taken, attempt: taken.attempt + 1 };
    const handover: Handover = {
      entry,
      consumer,
      giveBack: () => this.#close(handover, () => this.#again(entry, 'at once')),
    };
    consumer.open.add(handover);
    entry.partition.inFlight++;
    this.#inFlight++;
    consumer.track(this.#receive(handover));
  }

  /** Ends without rejecting: a rejection of the consumer means that it died with the message in its hands. */
  async #receive(handover: Handover): Promise<void> {
    try {
      await handover.consumer.receive(this.#delivery(handover));
    } catch {
      this.#fail(handover);
    }
  }

  #delivery(handover: Handover): Delivery {
    const { message, attempt } = handover.entry;
    return {
      // Fresh bytes per hand-over: a consumer that writes into them must not change what the next one reads.
      message: { headers: message.headers, body: message.body.slice() },
      queue: this.shape.name,
      attempt,
      ack: () => this.#settle(handover, () => {}),
      retry: (delayMs) => this.#settle(handover, () => this.#retry(handover.entry, delayMs)),
      deadLetter: (headers) => this.#settle(handover, () => this.#bury(handover.entry, headers)),
    };
  }

  async #settle(handover: Handover, then: () => void): Promise<void> {
    const { message, attempt } = handover.entry;
    if (!handover.consumer.open.has(handover)) return;
    if (this.#around.faults.settle?.(this.shape.name, message, attempt) === 'lose') {
      this.#fail(handover);
      throw new UnavailableError('the memory broker');
    }
    this.#close(handover, then);
  }

  #fail(handover: Handover): void {
    this.#close(handover, () => this.#again(handover.entry, redeliveryMs));
  }

  /** `then` puts the message where it goes next; only after that can the queue be empty. */
  #close(handover: Handover, then: () => void): void {
    if (!handover.consumer.open.delete(handover)) return;
    handover.entry.partition.inFlight--;
    this.#inFlight--;
    then();
    this.wake();
    if (this.isEmpty) this.#around.emptied();
  }

  /** Back to where it stood, unless the message has been handed out often enough. */
  #again(entry: Entry, when: 'at once' | typeof redeliveryMs): void {
    if (entry.attempt >= this.shape.maxDeliveries) this.#bury(entry, { [deadLetterHeaders.reason]: deliveryLimit });
    else if (when === 'at once') entry.partition.ready.putBack(entry);
    else this.#after(when, () => entry.partition.ready.putBack(entry));
  }

  /** To the end of the queue after the delay, as a message that comes back from a wait queue. */
  #retry(entry: Entry, delayMs: number): void {
    if (delayMs <= 0 || entry.attempt >= this.shape.maxDeliveries) this.#again(entry, redeliveryMs);
    else this.#append(entry, delayMs);
  }

  #bury(entry: Entry, headers: Readonly<Record<string, string>>): void {
    const facts = { [deadLetterHeaders.queue]: this.shape.name, [deadLetterHeaders.attempts]: String(entry.attempt) };
    const message = {
      headers: Object.freeze({ ...entry.message.headers, ...facts, ...headers }),
      body: entry.message.body,
    };
    if (this.shape.deadLetters !== undefined) this.shape.deadLetters.enqueue(message, undefined);
    else this.#append({ ...entry, message }, redeliveryMs);
  }

  #append(entry: Omit<Entry, 'position'>, delayMs: number): void {
    const arrive = () => entry.partition.ready.append({ ...entry, position: this.#positions++ });
    if (delayMs > 0) {
      this.#after(delayMs, arrive);
    } else {
      arrive();
      this.wake();
    }
  }

  #after(delayMs: number, run: () => void): void {
    this.#delayed++;
    this.#around.clock.timer(delayMs, () => {
      this.#delayed--;
      run();
      this.wake();
    });
  }
}
