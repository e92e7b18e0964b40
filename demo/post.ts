import { type MemoryBroker, memoryBroker, type WireMessage } from 'seamwright/runtime';

const queue = 'post-office';

/** Where every event of the day is caught on its way, so that both acts get the very same messages in the very same order. */
export class PostOffice {
  readonly broker: MemoryBroker = memoryBroker();

  constructor(private readonly exchange: { readonly name: string; readonly kind: 'topic' | 'fanout' }) {}

  async open(): Promise<void> {
    const binding = { exchange: this.exchange.name, key: '#' };
    const office = {
      name: queue,
      service: 'post-office',
      bindings: [binding],
      deadLetter: `${queue}.dlq`,
      maxDeliveries: 1,
      partitions: 1,
    };
    await this.broker.declare({ exchanges: [this.exchange], queues: [office] });
  }

  /** Messages that have come in since the last call, in the order in which they were sent. */
  async collect(): Promise<readonly WireMessage[]> {
    const caught: WireMessage[] = [];
    const subscription = await this.broker.subscribe(queue, { prefetch: 1_000 }, async (delivery) => {
      caught.push(delivery.message);
      await delivery.ack();
    });
    await this.broker.idle([queue]);
    await subscription.stop();
    return caught;
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
