import type { Subscription as Feed, Msg } from '@nats-io/transport-node';
import type { Cancel, Clock } from '../../clock.js';
import { UnavailableError } from '../../errors.js';
import type { NatsConnection } from './connection.js';
import { type Handed, handed } from './handed.js';

/** Longest wait for the server when a subscription ends. */
const answerMs = 2_000;
/** After a refusal, such as a consumer that is being moved to another server. */
const pauseMs = 500;
const batchMax = 1_000;

export interface PullOptions {
  readonly connection: NatsConnection;
  readonly clock: Clock;
  readonly stream: string;
  readonly consumer: string;
  /** Of the consumer; a third of it is how long a request stays open. */
  readonly ackWaitMs: number;
  /** Messages that may be asked for now. */
  readonly room: () => number;
  readonly take: (message: Handed) => void;
}

/**
 * Takes messages from one durable consumer, never more than there is room for.
 *
 * The consumers of the driver fill a buffer of their own, whose messages count as handed over and die with the process; here at most one request is open,
 * for exactly the free places, and while it is answered further places become free, so that a busy consumer asks rarely.
 *
 * Server 2.9 has a trap: when a message comes back while the only open request is one that nobody listens to any more, its count of deliveries is lost and
 * it counts as new. So a request ends well before the messages of a dead client come back, and `halt` has the server forget it before anything is given back.
 */
export class Pull {
  readonly #options: PullOptions;
  readonly #offBack: () => void;
  #feed: Feed | undefined;
  #inbox = '';
  #request = 0;
  #open = 0;
  #cancel: Cancel = () => {};

  constructor(options: PullOptions) {
    this.#options = options;
    this.#offBack = options.connection.onBack(() => this.#again());
  }

  /** Begins to take messages, or goes on after `halt`. */
  start(): void {
    const { link, drivers } = this.#options.connection;
    if (this.#feed !== undefined || link.isClosed()) return;
    this.#inbox = drivers.createInbox();
    this.#feed = link.subscribe(`${this.#inbox}.*`, {
      callback: (error, message) => {
        if (error === null) this.#receive(message);
      },
    });
    this.#again();
  }

  /** Asks for messages if there is room and no request is open. */
  pump(): void {
    const { connection, clock, stream, consumer, ackWaitMs, room } = this.#options;
    if (this.#feed === undefined || this.#open > 0 || !connection.isUp || connection.link.isClosed()) return;
    const batch = Math.min(room(), batchMax);
    if (batch < 1) return;
    this.#open = batch;
    const expiresMs = Math.floor(ackWaitMs / 3);
    const request = JSON.stringify({ batch, expires: expiresMs * 1_000_000 });
    connection.link.publish(`$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumer}`, request, {
      reply: `${this.#inbox}.${++this.#request}`,
    });
    // The answer itself may be lost.
    this.#cancel();
    this.#cancel = clock.timer(expiresMs + 1_000, () => this.#again());
  }

  /** Takes no more. Resolves when whatever the server had sent already has been taken, and the server knows. */
  async halt(): Promise<void> {
    const { connection, stream, consumer } = this.#options;
    const feed = this.#feed;
    this.#feed = undefined;
    this.#open = 0;
    this.#cancel();
    if (feed === undefined) return;
    try {
      await this.#answered(() => feed.drain());
      // To tell how many requests wait, the server drops those that nobody listens to.
      await this.#answered(() => connection.manager.consumers.info(stream, consumer));
    } catch {
      // The connection is away, and the requests went with it.
      feed.unsubscribe();
    }
  }

  async stop(): Promise<void> {
    this.#offBack();
    await this.halt();
  }

  /** The driver itself would wait until a line that went dead without a word is found out. */
  #answered(question: () => Promise<unknown>): Promise<unknown> {
    const { connection, clock } = this.#options;
    let cancel: Cancel = () => {};
    const late = new Promise((_, reject) => {
      cancel = clock.timer(answerMs, () => reject(new UnavailableError(connection.place)));
    });
    return Promise.race([connection.ask(question), late]).finally(() => cancel());
  }

  #again(): void {
    this.#cancel();
    this.#open = 0;
    this.pump();
  }

  #receive(message: Msg): void {
    const taken = handed(this.#options.connection.link, message);
    if (taken === undefined) {
      this.#refused(message);
      return;
    }
    this.#open = Math.max(0, this.#open - 1);
    this.#options.take(taken);
    this.pump();
  }

  /** The end of a request without the messages it asked for. */
  #refused(status: Msg): void {
    if (status.subject !== `${this.#inbox}.${this.#request}` || status.headers?.code === 100) return;
    const ordinary = status.headers?.code === 408 || status.headers?.code === 404;
    this.#cancel();
    if (ordinary) this.#again();
    else this.#cancel = this.#options.clock.timer(pauseMs, () => this.#again());
  }
}
