import type { ConfirmChannel, Message, Options } from 'amqplib';
import { UnavailableError, UnroutableError, UsageError } from '../../errors.js';
import type { Link } from './link.js';
import { anonymousId } from './properties.js';

/** Where a message goes when no queue took it under the address it was sent to; undefined when there is no other way. */
export type Detour = (
  exchange: string,
  key: string,
) => Promise<{ readonly exchange: string; readonly key: string } | undefined>;

interface Pending {
  readonly exchange: string;
  readonly key: string;
  readonly body: Buffer;
  readonly properties: Options.Publish;
  readonly resolve: (value?: undefined) => void;
  readonly reject: (error: unknown) => void;
  returned: boolean;
}

/**
 * Publishes on one channel with confirms. A message that no queue takes comes back before its confirm; it is found again among those in flight by its
 * address and message id.
 */
export class Publisher {
  readonly #link: Link;
  readonly #detour: Detour;
  readonly #pending = new Set<Pending>();
  #channel: ConfirmChannel | undefined;
  #opening: Promise<ConfirmChannel> | undefined;
  /** Why the server closed the channel. */
  #refusal: Error | undefined;
  #anonymous = 0;

  constructor(link: Link, detour: Detour) {
    this.#link = link;
    this.#detour = detour;
    link.onBlocked = () => this.#giveUpPending();
  }

  /**
   * Resolves when the server has taken responsibility. Rejects with `UnroutableError` when no queue takes the message, with `UnavailableError` when that is
   * not known (it may have been taken), with `UsageError` for what AMQP cannot carry.
   */
  publish(exchange: string, key: string, body: Buffer, properties: Options.Publish): Promise<void> {
    if (this.#link.blocked !== undefined) return Promise.reject(this.#blocked());
    const channel = this.#channel;
    if (channel !== undefined) return this.#send(channel, exchange, key, body, properties);
    return this.#open().then((opened) => this.#send(opened, exchange, key, body, properties));
  }

  /**
   * The same for a message that is settled: waits for a server that is away, as long as `wanted` holds. Resolves to false when it does not hold any more
   * and the message may not have been taken.
   */
  async publishPatiently(
    exchange: string,
    key: string,
    body: Buffer,
    properties: Options.Publish,
    wanted: () => boolean,
    repair: () => Promise<void>,
  ): Promise<boolean> {
    for (let failures = 0; wanted() && !this.#link.closed; failures++) {
      try {
        await this.publish(exchange, key, body, properties);
        return true;
      } catch (error) {
        if (error instanceof UnroutableError) await repair().catch(() => {});
        else if (!(error instanceof UnavailableError)) throw error;
        // Not for long: a message in hand keeps its consumer from the next one.
        await this.#link.backOff(Math.min(failures, 3)).catch(() => {});
      }
    }
    return false;
  }

  #send(
    channel: ConfirmChannel,
    exchange: string,
    key: string,
    body: Buffer,
    properties: Options.Publish,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      if (properties.messageId === undefined) properties.messageId = `${anonymousId}${++this.#anonymous}`;
      const pending: Pending = { exchange, key, body, properties, resolve, reject, returned: false };
      this.#pending.add(pending);
      try {
        channel.publish(exchange, key, body, properties, (error: unknown) => {
          this.#confirmed(pending, error);
        });
      } catch (error) {
        this.#pending.delete(pending);
        reject(this.#thrown(error));
      }
    });
  }

  #confirmed(pending: Pending, error: unknown): void {
    // Given up before: the caller was told that nobody knows.
    if (!this.#pending.delete(pending)) return;
    if (error) pending.reject(this.#failed(pending, error));
    else if (pending.returned) void this.#unroutable(pending);
    else pending.resolve();
  }

  async #unroutable({ exchange, key, body, properties, resolve, reject }: Pending): Promise<void> {
    try {
      const other = await this.#detour(exchange, key);
      if (other === undefined) throw new UnroutableError(`exchange "${exchange}", key "${key}"`);
      await this.publish(other.exchange, other.key, body, properties);
      resolve();
    } catch (error) {
      reject(error);
    }
  }

  /** Two messages in flight that agree in all of this are the same message: then both count as returned, and both are sent again. */
  #returned({ fields, properties }: Message): void {
    for (const pending of this.#pending) {
      const same =
        pending.properties.messageId === properties.messageId &&
        pending.key === fields.routingKey &&
        pending.exchange === fields.exchange;
      if (same) pending.returned = true;
    }
  }

  #open(): Promise<ConfirmChannel> {
    this.#opening ??= this.#openChannel().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  async #openChannel(): Promise<ConfirmChannel> {
    const model = await this.#link.model();
    try {
      const channel = await model.createConfirmChannel();
      this.#refusal = undefined;
      channel.on('error', (error) => {
        this.#refusal = error;
      });
      channel.on('return', (message) => this.#returned(message));
      // Before the driver tells those in flight: what they do next must not meet the dead channel.
      channel.prependListener('close', () => {
        if (this.#channel === channel) this.#channel = undefined;
      });
      this.#channel = channel;
      return channel;
    } catch (error) {
      throw this.#link.unavailable('no channel', error);
    }
  }

  #failed({ exchange, key }: Pending, error: unknown): Error {
    const refusal = this.#refusal as (Error & { code?: number }) | undefined;
    if (refusal?.code === 404 && refusal.message.includes(`no exchange '${exchange}' `)) {
      return new UnroutableError(`exchange "${exchange}", which does not exist, key "${key}"`);
    }
    if (refusal?.code === 403 && refusal.message.includes(`'${exchange}'`)) {
      return new UsageError(`RabbitMQ does not let this user publish to exchange "${exchange}"`);
    }
    return this.#link.unavailable(refusal?.message ?? (error as Error).message, error);
  }

  #thrown(error: unknown): Error {
    if ((error as Error).name === 'IllegalOperationError') return this.#link.unavailable('connection lost', error);
    return new UsageError(`AMQP cannot carry the message: ${(error as Error).message}`);
  }

  #giveUpPending(): void {
    const reason = this.#blocked();
    for (const pending of this.#pending) pending.reject(reason);
    this.#pending.clear();
  }

  #blocked(): UnavailableError {
    return this.#link.unavailable(`it takes no messages: ${this.#link.blocked ?? 'blocked'}`);
  }
}
