import type { Channel, ConsumeMessage } from 'amqplib';

/**
 * Settles the deliveries of one channel. Acknowledgements of one turn go together: one frame for all up to the first delivery that is still open, where each
 * would cost a frame, a system call and a command of the server.
 *
 * Delivery tags count from 1 without gaps on each channel (AMQP 0-9-1 section 1.8.3.13), so what is open needs no list.
 */
export class Settler {
  readonly #channel: Channel;
  /** Lowest tag that is not settled. */
  #lowest = 1;
  /** Settled tags above it. */
  readonly #settled = new Set<number>();
  /** Of those, the ones that the server has yet to hear of, as they came. */
  #untold: ConsumeMessage[] = [];
  #waiting = false;

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  /** Tells the server at the end of this turn at the latest. */
  ack(raw: ConsumeMessage): void {
    this.#settled.add(raw.fields.deliveryTag);
    this.#untold.push(raw);
    if (this.#waiting) return;
    this.#waiting = true;
    // After everything that this turn settles.
    process.nextTick(() => this.flush());
  }

  /** Back to its queue. */
  giveBack(raw: ConsumeMessage): void {
    this.#settled.add(raw.fields.deliveryTag);
    this.#channel.nack(raw, false, true);
  }

  /** Tells the server now; to be called before the channel is closed on purpose. */
  flush(): void {
    this.#waiting = false;
    while (this.#settled.delete(this.#lowest)) this.#lowest += 1;
    const untold = this.#untold;
    this.#untold = [];
    let last: ConsumeMessage | undefined;
    try {
      for (const raw of untold) {
        const { deliveryTag } = raw.fields;
        if (deliveryTag >= this.#lowest) this.#channel.ack(raw);
        else if (last === undefined || deliveryTag > last.fields.deliveryTag) last = raw;
      }
      if (last !== undefined) this.#channel.ack(last, true);
    } catch {
      // The channel is gone: the server hands out again what it has not heard of.
    }
  }
}
