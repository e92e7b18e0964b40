import type { Clock } from '../../clock.js';
import type { WireMessage } from '../../envelope.js';
import type { Delivery } from '../broker.js';
import { deadLetterHeaders, deliveryLimit } from '../dead-letter.js';
import type { QueueScope, QueueSettings } from './catalogue.js';
import type { RedisConnection } from './connection.js';
import { headersText, unframed } from './entry.js';
import type { RedisKeys } from './keys.js';
import { append, joinTakers } from './scripts/publish.js';

export interface InboxOptions {
  readonly connection: RedisConnection;
  readonly clock: Clock;
  readonly keys: RedisKeys;
  readonly queue: string;
  readonly settings: QueueSettings;
  readonly scope: QueueScope;
  /** The consumer's. */
  readonly id: string;
  readonly receive: (delivery: Delivery) => Promise<void>;
  /** Whether one more may be handed over now. */
  readonly hasRoom: () => boolean;
  /** Told of each call of `receive`. */
  readonly run: (call: Promise<void>) => void;
  /** Told when a message came or one ended. */
  readonly changed: () => void;
}

interface Waiting {
  readonly message: WireMessage;
  readonly attempt: number;
}

/** More than these are not kept for a consumer that is paused or slow: the oldest is dropped. */
const waitingMax = 1_000;

/**
 * At-most-once messages of one consumer. They live in this process only: what waits here, or for its next try, ends with it. Those that no retry helps
 * are kept: they go to the dead letters as all others do.
 */
export class Inbox {
  readonly #to: InboxOptions;
  readonly #waiting: Waiting[] = [];
  #endListening: () => Promise<void> = async () => {};
  #handedOver = 0;
  #closed = false;

  constructor(to: InboxOptions) {
    this.#to = to;
  }

  /** Calls of `receive` that have not ended. */
  get handedOver(): number {
    return this.#handedOver;
  }

  /** Rejects with `UnavailableError`. */
  async open(): Promise<void> {
    const { connection, keys, id } = this.#to;
    this.#endListening = await connection.listen(keys.inbox(id), (frame) => {
      const message = unframed(frame);
      if (message !== null) this.#arrive({ message, attempt: 1 });
    });
    await this.#join(true);
  }

  /** To be among those that messages are sent to, or not. Redis being away changes nothing: then nobody is sent anything. */
  join(wanted: boolean): void {
    void this.#join(wanted).catch(() => {});
  }

  /** Hands over what there is room for. */
  offer(): void {
    while (this.#waiting.length > 0 && this.#to.hasRoom()) {
      const next = this.#waiting.shift() as Waiting;
      this.#handedOver++;
      this.#to.run(this.#receive(next));
    }
  }

  /** Never rejects. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#waiting.length = 0;
    await this.#endListening();
  }

  #arrive(arrived: Waiting): void {
    if (this.#closed) return;
    this.#waiting.push(arrived);
    if (this.#waiting.length > waitingMax) this.#waiting.shift();
    this.#to.changed();
  }

  async #receive({ message, attempt }: Waiting): Promise<void> {
    let settled = false;
    const once = async (then: () => Promise<void> | void) => {
      if (settled) return;
      settled = true;
      await then();
    };
    const delivery: Delivery = {
      message,
      queue: this.#to.queue,
      attempt,
      ack: () => once(() => {}),
      retry: (delayMs) => once(() => this.#again({ message, attempt }, delayMs)),
      deadLetter: (headers) => once(() => this.#bury({ message, attempt }, headers)),
    };
    try {
      await this.#to.receive(delivery);
    } catch {
      // The receiver died with it. At most once: nobody sees it again.
    }
    this.#handedOver--;
    this.#to.changed();
  }

  async #again({ message, attempt }: Waiting, delayMs: number): Promise<void> {
    if (attempt >= (this.#to.settings.maxDeliveries ?? Number.POSITIVE_INFINITY)) {
      return this.#bury({ message, attempt }, { [deadLetterHeaders.reason]: deliveryLimit });
    }
    this.#to.clock.timer(delayMs, () => this.#arrive({ message, attempt: attempt + 1 }));
  }

  async #bury({ message, attempt }: Waiting, headers: Readonly<Record<string, string>>): Promise<void> {
    const { connection, scope, queue } = this.#to;
    const facts = { [deadLetterHeaders.queue]: queue, [deadLetterHeaders.attempts]: String(attempt) };
    const [, dead = '', deadAsleep = ''] = scope.keys;
    const text = headersText({ ...message.headers, ...facts, ...headers });
    await connection.run(append, [dead, deadAsleep], [text, Buffer.from(message.body)]);
  }

  async #join(wanted: boolean): Promise<void> {
    const { connection, keys, queue, id } = this.#to;
    await connection.run(joinTakers, [keys.takers(queue)], [id, wanted ? '1' : '0']);
  }
}
