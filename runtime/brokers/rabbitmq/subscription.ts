import type { ConsumeMessage } from 'amqplib';
import type { Delivery, Subscription } from '../broker.js';
import { deadLetterHeaders, deliveryLimit } from '../dead-letter.js';
import { closeChannel } from './channel.js';
import { readDeadHeaders, triesOf } from './death.js';
import { type Desk, type Onward, RabbitmqDelivery, type Tap, triesHeaders, waitingPlace } from './delivery.js';
import type { Link } from './link.js';
import { ownHeaders, readHeaders, toPropertiesAgain } from './properties.js';
import type { Publisher } from './publisher.js';
import { Settler } from './settler.js';
import type { Shape } from './shape.js';

/** What a subscription needs of its broker. */
export interface Surroundings {
  readonly link: Link;
  readonly publisher: Publisher;
  /** Declares again what the broker has declared, for a queue that is gone. */
  redeclare(): Promise<void>;
}

/** A message that has come and is not handed over yet. */
interface Arrived {
  readonly raw: ConsumeMessage;
  readonly attempt: number;
}

/** A tap with what belongs to it alone. */
interface OpenTap extends Tap {
  readonly consumers: string[];
  waiting: Arrived[];
}

/**
 * Consumers of one queue on one channel. When the server cancels them, closes the channel or goes away, they are set up again, until `stop`.
 *
 * A queue with partitions has a consumer per partition, each with one message open: the server keeps one of all consumers of a partition active.
 */
export class RabbitmqSubscription implements Subscription, Desk {
  readonly shape: Shape;
  readonly #around: Surroundings;
  readonly #prefetch: number;
  readonly #receive: (delivery: Delivery) => Promise<void>;
  readonly #ending = new AbortController();
  #tap: OpenTap | undefined;
  #paused = false;
  #turning = false;
  /** Calls of `receive`, and messages being sent on, that have not ended. */
  #running = 0;
  #idle: () => void = () => {};

  constructor(around: Surroundings, shape: Shape, prefetch: number, receive: (delivery: Delivery) => Promise<void>) {
    this.#around = around;
    this.shape = shape;
    this.#prefetch = prefetch;
    this.#receive = receive;
  }

  /** Begins to consume. Rejects with the error of the server when it refuses. */
  async start(): Promise<void> {
    const model = await this.#around.link.model();
    const channel = await model.createChannel();
    const prefetch = this.#spread ? 1 : Math.min(this.#prefetch, 65_535);
    const settler = new Settler(channel, { prefetch, later: (run) => void this.#around.link.clock.timer(0, run) });
    const tap: OpenTap = { channel, settler, live: true, open: 0, consumers: [], waiting: [] };
    channel.on('error', () => {});
    channel.on('close', () => this.#lost(tap));
    await channel.prefetch(prefetch);
    if (!this.#paused || this.#spread) await this.#consume(tap);
    if (this.#ending.signal.aborted) return closeChannel(channel);
    if (!tap.live) throw this.#around.link.unavailable('channel lost');
    this.#tap = tap;
    void this.#turn();
  }

  pause(): void {
    this.#paused = true;
    void this.#turn();
  }

  resume(): void {
    this.#paused = false;
    this.#pump();
    void this.#turn();
  }

  async stop(): Promise<void> {
    this.#ending.abort();
    const tap = this.#tap;
    if (tap?.live) {
      await cancelAll(tap);
      giveBack(tap);
    }
    if (this.#running > 0) {
      await new Promise<void>((resolve) => {
        this.#idle = resolve;
      });
    }
    this.#tap = undefined;
    // What nobody settled goes back with the channel.
    if (tap?.live) await closeTap(tap);
  }

  /** Ends without waiting for anything but the last acknowledgements. */
  async drop(): Promise<void> {
    this.#ending.abort();
    const tap = this.#tap;
    this.#tap = undefined;
    if (tap?.live) await closeTap(tap);
  }

  settled(tap: Tap): void {
    tap.open--;
    if (this.#spread) this.#pump();
  }

  forward(tap: Tap, { to, properties }: Onward, body: Buffer): Promise<boolean> {
    const { publisher, redeclare } = this.#around;
    return publisher.publishPatiently(to.exchange, to.key, body, properties, () => tap.live, redeclare);
  }

  later(delayMs: number, run: () => void): void {
    const cancel = this.#around.link.clock.timer(delayMs, () => {
      this.#ending.signal.removeEventListener('abort', cancel);
      run();
    });
    this.#ending.signal.addEventListener('abort', cancel, { once: true });
  }

  get #spread(): boolean {
    return this.shape.sources.length > 1;
  }

  async #consume(tap: OpenTap): Promise<void> {
    for (const source of this.shape.sources) {
      const { consumerTag } = await tap.channel.consume(source, (raw) => this.#arrive(tap, raw));
      tap.consumers.push(consumerTag);
    }
  }

  #arrive(tap: OpenTap, raw: ConsumeMessage | null): void {
    if (!tap.live) return;
    if (raw === null) {
      // The queue is gone, or its node: what else this channel holds comes again.
      void closeTap(tap);
      return;
    }
    const { shape } = this;
    const { headers } = raw.properties;
    const tries = headers === undefined ? 0 : triesOf(raw.properties, shape.name);
    const counted = raw.fields.redelivered ? Number(headers?.['x-delivery-count']) : 0;
    // Only quorum queues count. One more is known of a message that comes again; the next one would look the same, so it is written down.
    const uncounted = raw.fields.redelivered && !(counted > 0);
    const attempt = tries + 1 + (uncounted ? 1 : counted);
    if (attempt > shape.maxDeliveries) this.#sendOn(tap, raw, this.#burial(raw, attempt - 1));
    else if (uncounted && shape.uncounted) this.#sendOn(tap, raw, this.#recount(raw, tries + 1));
    else if (tries > 0 && Number(headers?.[ownHeaders.wait]) > 0) this.#waitOn(tap, raw, attempt);
    else if (this.#mayHandOver(tap)) this.#handOver(tap, raw, attempt);
    else tap.waiting.push({ raw, attempt });
  }

  #mayHandOver(tap: OpenTap): boolean {
    return !this.#paused && !this.#ending.signal.aborted && (!this.#spread || tap.open < this.#prefetch);
  }

  #pump(): void {
    const tap = this.#tap;
    while (tap?.live && tap.waiting.length > 0 && this.#mayHandOver(tap)) {
      const { raw, attempt } = tap.waiting.shift() as Arrived;
      this.#handOver(tap, raw, attempt);
    }
  }

  #handOver(tap: OpenTap, raw: ConsumeMessage, attempt: number): void {
    const { buriedFrom } = this.shape;
    const headers = buriedFrom.length === 0 ? readHeaders(raw.properties) : readDeadHeaders(raw.properties, buriedFrom);
    tap.open++;
    this.#running++;
    void this.#run(new RabbitmqDelivery(this, tap, raw, headers, attempt));
  }

  async #run(delivery: RabbitmqDelivery): Promise<void> {
    try {
      await this.#receive(delivery);
    } catch {
      // A rejection means that the consumer died with the message in its hands.
      await delivery.fail().catch(() => {});
    } finally {
      this.#ended();
    }
  }

  #ended(): void {
    if (--this.#running === 0) this.#idle();
  }

  /** The rest of a delay that is longer than the highest step. The hand-overs so far are those before this one, which is none. */
  #waitOn(tap: OpenTap, raw: ConsumeMessage, attempt: number): void {
    const rest = Number(raw.properties.headers?.[ownHeaders.wait]);
    const place = waitingPlace(this.shape, raw, rest, attempt - 1);
    if (place === undefined) this.#handOver(tap, raw, attempt);
    else this.#sendOn(tap, raw, place);
  }

  #recount(raw: ConsumeMessage, tries: number): Onward {
    return { to: this.shape.entrance, properties: toPropertiesAgain(raw.properties, triesHeaders(this.shape, tries)) };
  }

  #burial(raw: ConsumeMessage, attempts: number): Onward {
    const { name, deadLetter = name } = this.shape;
    const facts = {
      [deadLetterHeaders.reason]: deliveryLimit,
      [deadLetterHeaders.queue]: name,
      [deadLetterHeaders.attempts]: String(attempts),
    };
    return { to: { exchange: '', key: deadLetter }, properties: toPropertiesAgain(raw.properties, facts) };
  }

  #sendOn(tap: OpenTap, raw: ConsumeMessage, onward: Onward): void {
    this.#running++;
    this.forward(tap, onward, raw.content)
      .then((sent) => {
        if (sent && tap.live) tap.settler.ack(raw);
      })
      // What AMQP cannot carry again: the server counts the delivery and puts the message among the dead letters in the end.
      .catch(() => {
        if (tap.live) tap.settler.giveBack(raw);
      })
      .finally(() => this.#ended());
  }

  /** Brings the consumers to where `pause` and `resume` want them; one step at a time, as the last word may change meanwhile. */
  async #turn(): Promise<void> {
    const tap = this.#tap;
    // Another consumer must not become the active one of a partition while messages of it are open here: those of a pause wait in hand.
    if (this.#turning || tap === undefined || this.#spread) return;
    this.#turning = true;
    try {
      while (tap.live && !this.#ending.signal.aborted && (tap.consumers.length === 0) !== this.#paused) {
        if (!this.#paused) {
          await this.#consume(tap);
        } else {
          await cancelAll(tap);
          if (this.#paused) giveBack(tap);
        }
      }
    } catch {
      // The channel is lost, which is told to `#lost`.
    } finally {
      this.#turning = false;
    }
    this.#pump();
  }

  #lost(tap: OpenTap): void {
    tap.live = false;
    tap.waiting = [];
    if (this.#tap !== tap || this.#ending.signal.aborted) return;
    this.#tap = undefined;
    void this.#comeBack();
  }

  async #comeBack(): Promise<void> {
    const { link, redeclare } = this.#around;
    for (let failures = 0; !this.#ending.signal.aborted; failures++) {
      try {
        await link.whenUp();
        await redeclare().catch(() => {});
        return await this.start();
      } catch {
        if (link.closed) return;
        await link.backOff(failures, this.#ending.signal).catch(() => {});
      }
    }
  }
}

function closeTap(tap: OpenTap): Promise<void> {
  tap.settler.flush();
  return closeChannel(tap.channel);
}

async function cancelAll(tap: OpenTap): Promise<void> {
  for (const tag of tap.consumers.splice(0)) await tap.channel.cancel(tag).catch(() => {});
}

function giveBack(tap: OpenTap): void {
  for (const { raw } of tap.waiting.splice(0)) if (tap.live) tap.settler.giveBack(raw);
}
