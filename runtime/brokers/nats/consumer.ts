import type { Cancel, Clock } from '../../clock.js';
import type { Delivery, Subscription } from '../broker.js';
import { deadLetterHeaders, deliveryLimit } from '../dead-letter.js';
import { bury } from './bury.js';
import type { NatsConnection } from './connection.js';
import type { Handed } from './handed.js';
import { attemptsBefore, decodeMessage } from './message.js';
import { consumerOf, streamOf } from './names.js';
import { Pull } from './pull.js';
import { putAside, Retries } from './retry.js';
import type { QueueEntry } from './streams.js';

/** Pause before a message is handed out again that could not be moved where it belongs. */
const failedMoveMs = 1_000;

/** Reason of a dead letter that nobody took in time. */
const expired = 'expired';

interface Taken {
  readonly message: Handed;
  readonly partition: number;
}

export interface ConsumerOptions {
  readonly connection: NatsConnection;
  readonly clock: Clock;
  readonly queue: QueueEntry;
  readonly prefetch: number;
  readonly receive: (delivery: Delivery) => Promise<void>;
  /** Time after which the server takes a message back that nobody renews. */
  readonly ackWaitMs: number;
}

/** One subscription to a queue: takes from the consumers of all its partitions, and from that of its retries. */
export class NatsConsumer implements Subscription {
  readonly #options: ConsumerOptions;
  readonly #pulls: readonly Pull[];
  readonly #retries: Retries;
  /** Taken from the server, not yet handed over: one per partition at most, or what arrived while the subscription was paused. */
  readonly #waiting: Taken[] = [];
  /** Handed over and not yet settled. */
  readonly #open = new Set<Taken>();
  readonly #settling = new Set<Taken>();
  /** Calls of `receive` that have not ended. */
  readonly #running = new Set<Promise<void>>();
  #state: 'taking' | 'paused' | 'stopped' = 'taking';
  #renewal: Cancel = () => {};

  constructor(options: ConsumerOptions) {
    this.#options = options;
    const { connection, clock, queue, ackWaitMs } = options;
    this.#pulls = Array.from({ length: queue.partitions }, (_, partition) => {
      return new Pull({
        ...{ connection, clock, stream: streamOf(queue.name), consumer: consumerOf(partition), ackWaitMs },
        // The server keeps one open per partition by itself; which of them has a message is not known beforehand.
        room: () => (queue.partitions > 1 ? 1 : options.prefetch - this.#open.size - this.#waiting.length),
        take: (message) => this.#take({ message, partition }),
      });
    });
    this.#retries = new Retries(connection, clock, queue, ackWaitMs);
  }

  start(): void {
    for (const pull of this.#pulls) pull.start();
    this.#retries.start();
    this.#renew();
  }

  pause(): void {
    if (this.#state !== 'taking') return;
    this.#state = 'paused';
    for (const pull of this.#pulls) void pull.halt();
  }

  resume(): void {
    if (this.#state !== 'paused') return;
    this.#state = 'taking';
    for (const pull of this.#pulls) pull.start();
    this.#handOut();
  }

  async stop(): Promise<void> {
    await this.#leave();
    await Promise.all(this.#running);
    this.#giveBack();
  }

  /** Gives everything back without waiting for anybody: the connection is about to be closed. */
  async drop(): Promise<void> {
    await this.#leave();
    this.#giveBack();
  }

  /** What has not been started is given back as soon as the server takes it, while those in flight go on. */
  async #leave(): Promise<void> {
    this.#state = 'stopped';
    await Promise.all([...this.#pulls.map((pull) => pull.stop()), this.#retries.stop()]);
    for (const { message } of this.#waiting.splice(0)) message.nak();
  }

  #giveBack(): void {
    for (const taken of this.#open) if (!this.#settling.has(taken)) taken.message.nak();
    this.#open.clear();
    this.#renewal();
  }

  #take(taken: Taken): void {
    this.#waiting.push(taken);
    this.#handOut();
  }

  #handOut(): void {
    while (this.#state === 'taking' && this.#open.size < this.#options.prefetch) {
      const taken = this.#waiting.shift();
      if (taken === undefined) return;
      this.#open.add(taken);
      const call = this.#handOver(taken);
      this.#running.add(call);
      void call.finally(() => this.#running.delete(call));
    }
  }

  /** Ends without rejecting: a rejection of the receiver means that it died with the message in its hands. */
  async #handOver(taken: Taken): Promise<void> {
    const { queue, clock, receive } = this.#options;
    const { headers, body, deliveryCount, storedAtNs } = taken.message;
    const attempt = attemptsBefore(headers) + deliveryCount;
    const tooOld =
      attempt === 1 &&
      queue.messageTtlMs !== undefined &&
      clock.now() - Number(storedAtNs) / 1_000_000 > queue.messageTtlMs;
    try {
      if (attempt > (queue.maxDeliveries ?? Number.POSITIVE_INFINITY)) {
        await this.#settle(taken, () => this.#giveUp(taken, attempt - 1));
      } else if (tooOld) {
        await this.#settle(taken, () => this.#bury(taken, 0, { [deadLetterHeaders.reason]: expired }));
      } else {
        const message = decodeMessage(headers, body);
        await receive(this.#delivery(taken, message, attempt));
      }
    } catch {
      await this.#settle(taken, () => this.#again(taken, attempt)).catch(() => {});
    }
  }

  #delivery(taken: Taken, message: Delivery['message'], attempt: number): Delivery {
    return {
      message,
      queue: this.#options.queue.name,
      attempt,
      ack: () => this.#settle(taken, async () => taken.message.ack()),
      retry: (delayMs) => this.#settle(taken, () => this.#retry(taken, attempt, delayMs)),
      deadLetter: (headers) => this.#settle(taken, () => this.#bury(taken, attempt, headers)),
    };
  }

  /** Only the first settlement counts. A place becomes free when it is done; one that fails leaves the message to another hand-over. */
  async #settle(taken: Taken, how: () => Promise<void>): Promise<void> {
    if (!this.#open.has(taken) || this.#settling.has(taken)) return;
    this.#settling.add(taken);
    try {
      this.#options.connection.refuseUnlessOpen();
      await how();
    } catch (error) {
      taken.message.nak(failedMoveMs);
      throw error;
    } finally {
      this.#settling.delete(taken);
      this.#open.delete(taken);
      this.#handOut();
      for (const pull of this.#pulls) pull.pump();
    }
  }

  async #again(taken: Taken, attempt: number): Promise<void> {
    if (this.#isLast(attempt)) await this.#giveUp(taken, attempt);
    else taken.message.nak();
  }

  async #retry(taken: Taken, attempt: number, delayMs: number): Promise<void> {
    const { connection, queue } = this.#options;
    if (!(delayMs > 0) || this.#isLast(attempt)) await this.#again(taken, attempt);
    else await putAside(connection, queue.name, taken.message, { attempt, delayMs, partition: taken.partition });
  }

  #isLast(attempt: number): boolean {
    return attempt >= (this.#options.queue.maxDeliveries ?? Number.POSITIVE_INFINITY);
  }

  #giveUp(taken: Taken, attempts: number): Promise<void> {
    return this.#bury(taken, attempts, { [deadLetterHeaders.reason]: deliveryLimit });
  }

  async #bury({ message }: Taken, attempt: number, headers: Readonly<Record<string, string>>): Promise<void> {
    const { connection, queue } = this.#options;
    const { deadLetter } = queue;
    // What is dead-lettered among dead letters stays there.
    if (deadLetter === undefined) message.nak(failedMoveMs);
    else await bury(connection, { name: queue.name, deadLetter }, message, attempt, headers);
  }

  /** Tells the server three times per acknowledgement wait that the messages here are worked on. */
  #renew(): void {
    const { clock, connection, ackWaitMs } = this.#options;
    this.#renewal = clock.timer(ackWaitMs / 3, () => {
      if (connection.isUp) for (const { message } of [...this.#open, ...this.#waiting]) message.working();
      this.#renew();
    });
  }
}
