import type { Clock } from '../../clock.js';
import type { NatsConnection } from './connection.js';
import type { Handed } from './handed.js';
import { attemptsBefore, carriedHeaders, ownHeaders } from './message.js';
import { retryConsumer, retrySubjectOf, streamOf, subjectOf } from './names.js';
import { Pull } from './pull.js';
import type { Target } from './routes.js';

/** Differences between the clocks of this machine and the server that nobody should wait for. */
const skewMs = 2_000;

/**
 * Puts a message aside until its next try: a copy on the retry subject of its queue, then the acknowledgement. A crash in between leaves both: at least once.
 *
 * Not `nak` with a delay on its own consumer: JetStream counts such a message as open, and in a queue with partitions it would hold up everything behind it.
 */
export async function putAside(
  connection: NatsConnection,
  queue: string,
  message: Handed,
  wait: { readonly attempt: number; readonly delayMs: number; readonly partition: number },
): Promise<void> {
  const headers = carriedHeaders(message.headers, connection.headers());
  headers.set(ownHeaders.attempts, String(wait.attempt));
  headers.set(ownHeaders.delay, String(Math.ceil(wait.delayMs)));
  headers.set(ownHeaders.partition, String(wait.partition));
  const msgID = `aside ${message.sequence} ${message.storedAtNs} ${wait.attempt}`;
  await connection.ask(() => connection.jetstream.publish(retrySubjectOf(queue), message.body, { headers, msgID }));
  message.ack();
}

/** Brings messages that were put aside back to the end of their partition, when their time has come. */
export class Retries {
  readonly #connection: NatsConnection;
  readonly #clock: Clock;
  readonly #queue: Target;
  readonly #pull: Pull;

  constructor(connection: NatsConnection, clock: Clock, queue: Target, ackWaitMs: number) {
    this.#connection = connection;
    this.#clock = clock;
    this.#queue = queue;
    this.#pull = new Pull({
      ...{ connection, clock, stream: streamOf(queue.name), consumer: retryConsumer, ackWaitMs },
      room: () => 100,
      take: (message) => void this.#take(message),
    });
  }

  start(): void {
    this.#pull.start();
  }

  stop(): Promise<void> {
    return this.#pull.stop();
  }

  async #take(message: Handed): Promise<void> {
    const leftMs = this.#leftMs(message);
    if (leftMs > 0) {
      message.nak(leftMs);
      return;
    }
    try {
      await this.#bringBack(message);
    } catch {
      // Comes again when the server has waited in vain.
      message.nak(1_000);
    }
  }

  /** The server's timer measures the delay from the first hand-over; the clocks of two machines only serve when that timer was cut short. */
  #leftMs({ headers, deliveryCount, storedAtNs }: Handed): number {
    const delayMs = numberIn(headers?.get(ownHeaders.delay));
    if (deliveryCount <= 1) return delayMs;
    const leftMs = Number(storedAtNs) / 1_000_000 + delayMs - this.#clock.now();
    return leftMs > skewMs ? leftMs : 0;
  }

  async #bringBack(message: Handed): Promise<void> {
    const headers = carriedHeaders(message.headers, this.#connection.headers());
    headers.set(ownHeaders.attempts, String(attemptsBefore(message.headers)));
    const partition = numberIn(message.headers?.get(ownHeaders.partition)) % this.#queue.partitions;
    const msgID = `back ${message.sequence} ${message.storedAtNs}`;
    await this.#connection.ask(() =>
      this.#connection.jetstream.publish(subjectOf(this.#queue.name, partition), message.body, { headers, msgID }),
    );
    message.ack();
  }
}

function numberIn(text: string | undefined): number {
  return text !== undefined && /^\d{1,12}$/.test(text) ? Number(text) : 0;
}
