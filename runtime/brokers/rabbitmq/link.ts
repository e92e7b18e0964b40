import type { ChannelModel } from 'amqplib';
import { type Clock, type Random, systemClock, systemRandom } from '../../clock.js';
import { UnavailableError } from '../../errors.js';
import { connectAmqp, disconnect } from './connect.js';
import type { AmqpUrl, TlsOptions } from './url.js';

export interface LinkOptions {
  readonly url: AmqpUrl;
  readonly tls: TlsOptions;
  /** As the server lists the connection. */
  readonly name: string;
  readonly clock?: Clock;
  readonly random?: Random;
}

const delayMinMs = 100;
const delayMaxMs = 10_000;
/** How long a server may take to say goodbye. */
const goodbyeMs = 5_000;

/**
 * One connection that comes back: opened when first asked for; once it was up and is lost, it is tried again until it is closed, with growing pauses of
 * which half is chance, so that the clients of a restarted server do not come all at once.
 */
export class Link {
  readonly options: LinkOptions;
  readonly clock: Clock;
  readonly #random: Random;
  readonly #closing = new AbortController();
  #model: ChannelModel | undefined;
  #opening: Promise<ChannelModel> | undefined;
  #returning: Promise<ChannelModel> | undefined;
  #turn = 0;
  /** Why the server takes no messages at the moment, such as `low on memory`. */
  blocked: string | undefined;
  /** Called when the server begins to take no messages. */
  onBlocked: () => void = () => {};

  constructor(options: LinkOptions) {
    this.options = options;
    this.clock = options.clock ?? systemClock;
    this.#random = options.random ?? systemRandom;
  }

  get closed(): boolean {
    return this.#closing.signal.aborted;
  }

  get signal(): AbortSignal {
    return this.#closing.signal;
  }

  /** The connection, opened when it never was. Rejects with `UnavailableError` at once while it is away. */
  async model(): Promise<ChannelModel> {
    if (this.closed) throw this.unavailable('closed');
    if (this.#model !== undefined) return this.#model;
    if (this.#returning !== undefined) throw this.unavailable('connection lost');
    this.#opening ??= this.#connect().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  /** The connection as soon as there is one. Rejects with `UnavailableError` when it is closed meanwhile. */
  async whenUp(): Promise<ChannelModel> {
    return this.#returning ?? this.model();
  }

  /** Closes for good; the server is given a moment to answer. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.#closing.abort(this.unavailable('closed'));
    const model = this.#model ?? (await this.#opening?.catch(() => undefined));
    this.#model = undefined;
    if (model === undefined) return;
    await disconnect(model, this.patience(goodbyeMs));
  }

  /** Resolves after a while, and keeps no process alive for it. */
  patience(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.clock.timer(ms, resolve);
    });
  }

  /** A pause before the next try, `failures` so far. Rejects when the link is closed meanwhile, or `signal` aborts. */
  async backOff(failures: number, signal: AbortSignal = this.signal): Promise<void> {
    const longest = Math.min(delayMaxMs, delayMinMs * 2 ** Math.min(failures, 10));
    await this.clock.sleep(longest * (0.5 + this.#random.next() / 2), signal);
  }

  unavailable(why: string, cause?: unknown): UnavailableError {
    return new UnavailableError(`RabbitMQ at ${this.options.url.label} (${why})`, cause);
  }

  async #connect(): Promise<ChannelModel> {
    const { url, tls, name } = this.options;
    const model = await connectAmqp(url, tls, name, this.#turn++);
    if (this.closed) {
      await disconnect(model, this.patience(goodbyeMs));
      throw this.unavailable('closed');
    }
    this.blocked = undefined;
    model.on('blocked', (reason) => {
      this.blocked = reason;
      this.onBlocked();
    });
    model.on('unblocked', () => {
      this.blocked = undefined;
    });
    model.on('close', () => this.#lost());
    this.#model = model;
    return model;
  }

  #lost(): void {
    this.#model = undefined;
    if (this.closed) return;
    const returning = this.#comeBack();
    this.#returning = returning;
    const forget = () => {
      if (this.#returning === returning) this.#returning = undefined;
    };
    // `closed` is the only way it fails, and nobody needs to be told.
    returning.then(forget, forget);
  }

  async #comeBack(): Promise<ChannelModel> {
    for (let failures = 0; ; failures++) {
      await this.backOff(failures);
      try {
        return await this.#connect();
      } catch (error) {
        if (this.closed) throw error;
      }
    }
  }
}
