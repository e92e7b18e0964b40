import type { Broker, Queue, WireMessage } from 'seamwright/runtime';
import { drained } from './stage.js';

/** Where every event of the day is caught on its way, so that both acts get the very same messages in the very same order. */
export class PostOffice {
  readonly #broker: Broker;
  readonly #exchange: { readonly name: string; readonly kind: 'topic' | 'fanout' };
  readonly #caught: WireMessage[] = [];
  #arrived: () => void = () => {};

  constructor(broker: Broker, exchange: { readonly name: string; readonly kind: 'topic' | 'fanout' }) {
    this.#broker = broker;
    this.#exchange = exchange;
  }

  async open(): Promise<void> {
    const queue: Queue = {
      name: 'seamwright-demo.post-office',
      service: 'post-office',
      bindings: [{ exchange: this.#exchange.name, key: '#' }],
      deadLetter: 'seamwright-demo.post-office.dlq',
      maxDeliveries: 10,
      partitions: 1,
    };
    await this.#broker.declare({ exchanges: [this.#exchange], queues: [queue] });
    await drained(this.#broker, queue);
    await this.#broker.subscribe(queue.name, { prefetch: 100 }, async (delivery) => {
      this.#caught.push(delivery.message);
      await delivery.ack();
      this.#arrived();
    });
  }

  /** The next message that comes in. */
  async next(): Promise<WireMessage> {
    for (;;) {
      const message = this.#caught.shift();
      if (message !== undefined) return message;
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
    }
  }
}

/** The payload, as anybody on the bus can read it. */
export function bodyOf(message: WireMessage): unknown {
  return JSON.parse(new TextDecoder().decode(message.body));
}

/** The same message with another body; headers stay. */
export function withBody(message: WireMessage, body: unknown): WireMessage {
  return { ...message, body: new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body)) };
}
