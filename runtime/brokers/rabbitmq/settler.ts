import type { Channel, ConsumeMessage } from 'amqplib';

/** When a settler tells the server. */
export interface Manner {
  /** How many deliveries may be open at once. */
  readonly prefetch: number;
  /** Calls `run` in a moment, a millisecond or so. */
  later(run: () => void): void;
}

/**
 * Settles the deliveries of one channel. Acknowledgements of a moment go together: one frame for all up to the first delivery that is still open, where each
 * would cost a frame, a system call and a command of the server. They wait for no moment when the server would have to wait for them: half of what it may
 * have open is told at once.
 *
 * Delivery tags count from 1 without gaps on each channel (AMQP 0-9-1 section 1.8.3.13), so what is open needs no list.
 */
export class Settler {
  readonly #channel: Channel;
  readonly #manner: Manner;
  /** Lowest tag that is not settled. */
  #lowest = 1;
  /** Settled tags above it. */
  readonly #settled = new Set<number>();
  /** Of those, the ones that the server has yet to hear of, as they came. */
  #untold: ConsumeMessage[] = [];
  /** What will tell it: nothing so far, the end of this moment, or the end of this turn. */
  #waiting: 'no' | 'moment' | 'turn' = 'no';

  constructor(channel: Channel, manner: Manner) {
    this.#channel = channel;
    this.#manner = manner;
  }

  /** Tells the server in a moment at the latest. */
  ack(raw: ConsumeMessage): void {
    this.#settled.add(raw.fields.deliveryTag);
    this.#untold.push(raw);
    if (this.#waiting !== 'turn' && this.#untold.length * 2 >= this.#manner.prefetch) {
      this.#waiting = 'turn';
      // After everything that this turn settles.
      process.nextTick(() => this.flush());
    } else if (this.#waiting === 'no') {
      this.#waiting = 'moment';
      this.#manner.later(() => this.flush());
    }
  }

  /** Back to its queue. */
  giveBack(raw: ConsumeMessage): void {
    this.#settled.add(raw.fields.deliveryTag);
    this.#channel.nack(raw, false, true);
  }

  /** Tells the server now; to be called before the channel is closed on purpose. */
  flush(): void {
    this.#waiting = 'no';
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
