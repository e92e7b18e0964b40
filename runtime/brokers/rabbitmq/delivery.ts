import type { Channel, ConsumeMessage, Options } from 'amqplib';
import type { WireMessage } from '../../envelope.js';
import type { Delivery } from '../broker.js';
import { deadLetterHeaders, deliveryLimit } from '../dead-letter.js';
import { retryStep } from '../retry-ladder.js';
import { ownHeaders, toPropertiesAgain } from './properties.js';
import type { Settler } from './settler.js';
import type { Shape } from './shape.js';

/** Consumers of one channel. Once it is gone, everything unsettled of it has been given back by the server. */
export interface Tap {
  readonly channel: Channel;
  readonly settler: Settler;
  live: boolean;
  /** Handed over and not settled. */
  open: number;
}

/** A message on its way to another queue. */
export interface Onward {
  readonly to: { readonly exchange: string; readonly key: string };
  readonly properties: Options.Publish;
}

/** What a delivery needs of its subscription. */
export interface Desk {
  readonly shape: Shape;
  /** Publishes a copy of a message and waits for the confirm; false when the tap was lost before. */
  forward(tap: Tap, onward: Onward, body: Buffer): Promise<boolean>;
  /** Calls `run` after a while, unless the subscription ends before. */
  later(delayMs: number, run: () => void): void;
  /** One message less is open. */
  settled(tap: Tap): void;
}

const done = Promise.resolve();

/** One hand-over. What is settled after its channel has gone is ignored: the server hands the message out again. */
export class RabbitmqDelivery implements Delivery {
  readonly message: WireMessage;
  readonly attempt: number;
  readonly #desk: Desk;
  readonly #tap: Tap;
  readonly #raw: ConsumeMessage;
  #open = true;

  constructor(desk: Desk, tap: Tap, raw: ConsumeMessage, headers: Readonly<Record<string, string>>, attempt: number) {
    this.#desk = desk;
    this.#tap = tap;
    this.#raw = raw;
    this.attempt = attempt;
    this.message = { headers, body: raw.content };
  }

  get queue(): string {
    return this.#desk.shape.name;
  }

  ack(): Promise<void> {
    if (this.#take()) this.#tap.settler.ack(this.#raw);
    return done;
  }

  retry(delayMs: number): Promise<void> {
    if (!this.#take()) return done;
    if (this.attempt >= this.#desk.shape.maxDeliveries)
      return this.#bury({ [deadLetterHeaders.reason]: deliveryLimit });
    if (!(delayMs > 0)) return this.#giveBack();
    return this.#wait(delayMs);
  }

  deadLetter(headers: Readonly<Record<string, string>>): Promise<void> {
    return this.#take() ? this.#bury(headers) : done;
  }

  /** The consumer failed with the message in its hands. */
  fail(): Promise<void> {
    return this.retry(0);
  }

  /** Whether this settlement is the one that counts. */
  #take(): boolean {
    if (!this.#open) return false;
    this.#open = false;
    this.#desk.settled(this.#tap);
    return this.#tap.live;
  }

  #giveBack(): Promise<void> {
    if (this.#tap.live) this.#tap.settler.giveBack(this.#raw);
    return done;
  }

  async #wait(delayMs: number): Promise<void> {
    const { shape } = this.#desk;
    const sent = waitingPlace(shape, this.#raw, delayMs, this.attempt);
    if (sent === undefined) this.#desk.later(delayMs, () => void this.#giveBack());
    else await this.#move(sent);
  }

  async #bury(headers: Readonly<Record<string, string>>): Promise<void> {
    const { shape } = this.#desk;
    const facts = { [deadLetterHeaders.queue]: shape.name, [deadLetterHeaders.attempts]: String(this.attempt) };
    const to = shape.deadLetter === undefined ? shape.entrance : { exchange: '', key: shape.deadLetter };
    const kept = shape.deadLetter === undefined ? triesHeaders(shape, this.attempt) : {};
    await this.#move({ to, properties: toPropertiesAgain(this.#raw.properties, { ...facts, ...headers, ...kept }) });
  }

  /** First there, then not here: a crash in between makes two of it, never none. */
  async #move(onward: Onward): Promise<void> {
    if ((await this.#desk.forward(this.#tap, onward, this.#raw.content)) && this.#tap.live) {
      this.#tap.settler.ack(this.#raw);
    }
  }
}

/**
 * The step in which a message waits for `delayMs` and what it carries there; undefined when the queue has no steps. What the highest step lacks of the delay
 * goes along as a length, not as an instant: the clocks of two consumers may differ.
 */
export function waitingPlace(shape: Shape, raw: ConsumeMessage, delayMs: number, tries: number): Onward | undefined {
  const step = retryStep(shape.ladder, delayMs);
  if (step === undefined) return undefined;
  const rest = Math.ceil(delayMs - step.delayMs);
  const properties = toPropertiesAgain(raw.properties, {
    ...triesHeaders(shape, tries),
    ...(rest > 0 ? { [ownHeaders.wait]: rest } : {}),
  });
  return { to: { exchange: '', key: step.name }, properties };
}

/** The hand-overs so far, for the next one to count on. */
export function triesHeaders(shape: Shape, tries: number): Readonly<Record<string, string | number>> {
  return { [ownHeaders.tries]: tries, [ownHeaders.queue]: shape.name };
}
