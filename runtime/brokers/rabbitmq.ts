import type { ChannelModel } from 'amqplib';
import type { Clock, Random } from '../clock.js';
import type { WireMessage } from '../envelope.js';
import { SeamwrightError, UsageError } from '../errors.js';
import type {
  Address,
  Broker,
  BrokerAdmin,
  BrokerCapabilities,
  Delivery,
  Queue,
  Subscription,
  Topology,
} from './broker.js';
import { rabbitmqAdmin } from './rabbitmq/admin.js';
import { codeOf, lookAt, onOwnChannel, orNull } from './rabbitmq/channel.js';
import { connectAmqp, disconnect } from './rabbitmq/connect.js';
import { declareLayout, needsPlugin, pluginMissing } from './rabbitmq/declare.js';
import { layoutOf, partitionName } from './rabbitmq/layout.js';
import { Link } from './rabbitmq/link.js';
import { toProperties } from './rabbitmq/properties.js';
import { Publisher } from './rabbitmq/publisher.js';
import { type Shape, shapeOf, shapeOfName } from './rabbitmq/shape.js';
import { RabbitmqSubscription } from './rabbitmq/subscription.js';
import { type AmqpUrl, parseAmqpUrl, type TlsOptions } from './rabbitmq/url.js';

export { type RabbitmqDefinitions, rabbitmqDefinitions } from './rabbitmq/definitions.js';

export interface RabbitmqBrokerOptions {
  /** Certificates for `amqps:`, where those of Node (and of NODE_EXTRA_CA_CERTS) are not enough. */
  readonly tls?: TlsOptions;
  /** Root of the management API, to compare bindings as well. Default: `management` of the URL, then SEAMWRIGHT_RABBITMQ_MANAGEMENT_URL. */
  readonly management?: string;
  /** As the server lists the connections. Default `seamwright`. */
  readonly name?: string;
  readonly clock?: Clock;
  readonly random?: Random;
}

/**
 * RabbitMQ 3.10 or later, by AMQP 0-9-1. Connects before it resolves, and again whenever the connection is lost.
 *
 * Rejects with `UnavailableError` when no server of the URL answers or lets the user in; with `UsageError` for a URL that is none, or when `amqplib` is not
 * installed. No text of an error shows the password.
 */
export async function rabbitmqBroker(url: string, options: RabbitmqBrokerOptions = {}): Promise<Broker> {
  const broker = new RabbitmqBroker(parseAmqpUrl(url), options);
  await broker.open();
  return broker;
}

/**
 * Two connections: a server that is short of memory stops reading from those that publish, and acknowledgements must not wait behind that.
 */
class RabbitmqBroker implements Broker {
  readonly kind = 'rabbitmq';
  readonly capabilities: BrokerCapabilities = {
    persistent: true,
    unroutableDetected: true,
    orderPerKey: true,
    delayedRetry: true,
    competingConsumers: true,
  };
  readonly admin: BrokerAdmin;
  readonly #url: AmqpUrl;
  readonly #tls: TlsOptions;
  readonly #name: string;
  readonly #control: Link;
  readonly #publishing: Link;
  readonly #publisher: Publisher;
  readonly #declared: Topology[] = [];
  readonly #shapes = new Map<string, Shape>();
  readonly #buried = new Map<string, Queue[]>();
  readonly #subscriptions = new Set<RabbitmqSubscription>();
  /** Entrances of queues with partitions, by name of the queue. */
  readonly #spread = new Map<string, Shape['entrance']>();
  readonly #looking = new Map<string, Promise<number>>();
  #redeclaring: Promise<void> | undefined;

  constructor(url: AmqpUrl, options: RabbitmqBrokerOptions) {
    const { tls = {}, name = 'seamwright', clock, random } = options;
    const shared = { url, tls, ...(clock && { clock }), ...(random && { random }) };
    this.#url = url;
    this.#tls = tls;
    this.#name = name;
    this.#control = new Link({ ...shared, name });
    this.#publishing = new Link({ ...shared, name: `${name} (publishing)` });
    this.#publisher = new Publisher(this.#publishing, (exchange, key) => this.#detour(exchange, key));
    const management = options.management ?? url.management ?? process.env.SEAMWRIGHT_RABBITMQ_MANAGEMENT_URL;
    this.admin = rabbitmqAdmin(this.#control, management);
  }

  async open(): Promise<void> {
    await this.#control.model();
  }

  async declare(topology: Topology): Promise<void> {
    const layout = layoutOf(topology);
    await this.#asked(async (model) => {
      if (needsPlugin(layout)) await this.#declareApart(topology);
      else await declareLayout(model, layout, this.#url.vhost);
    });
    this.#remember(topology);
  }

  publish(address: Address, message: WireMessage): Promise<void> {
    const entrance = address.exchange === '' && this.#spread.size > 0 ? this.#spread.get(address.key) : undefined;
    const { exchange, key } = entrance ?? address;
    return this.#publisher.publish(exchange, key, bufferOf(message.body), toProperties(message, address));
  }

  /** `prefetch` is at least 1. Rejects with `UsageError` when there is no such queue. */
  async subscribe(
    queue: string,
    options: { readonly prefetch: number },
    receive: (delivery: Delivery) => Promise<void>,
  ): Promise<Subscription> {
    if (!(options.prefetch >= 1)) throw new UsageError(`prefetch must be at least 1, not ${options.prefetch}`);
    return this.#asked(async () => {
      const shape = this.#shapes.get(queue) ?? (await this.#shapeOfUndeclared(queue));
      const around = { link: this.#control, publisher: this.#publisher, redeclare: () => this.#redeclare() };
      const subscription = new RabbitmqSubscription(around, shape, options.prefetch, receive);
      try {
        await subscription.start();
      } catch (error) {
        await subscription.drop();
        if (codeOf(error) === 404) throw new UsageError(`queue "${queue}" is not declared`);
        if (codeOf(error) === 403)
          throw new UsageError(`RabbitMQ does not let this user consume from queue "${queue}"`);
        throw error;
      }
      this.#subscriptions.add(subscription);
      return {
        pause: () => subscription.pause(),
        resume: () => subscription.resume(),
        stop: async () => {
          await subscription.stop();
          this.#subscriptions.delete(subscription);
        },
      };
    });
  }

  /** Does not wait for messages in flight: they go back to their queues. Stop the subscriptions first to drain. */
  async close(): Promise<void> {
    const subscriptions = [...this.#subscriptions];
    this.#subscriptions.clear();
    await Promise.race([Promise.all(subscriptions.map((one) => one.drop())), this.#control.patience(1_000)]);
    await Promise.all([this.#control.close(), this.#publishing.close()]);
  }

  /** Runs `ask` with the connection; what the driver says about a lost one becomes an `UnavailableError`. */
  async #asked<T>(ask: (model: ChannelModel) => Promise<T>): Promise<T> {
    const model = await this.#control.model();
    try {
      return await ask(model);
    } catch (error) {
      if (error instanceof SeamwrightError) throw error;
      throw this.#control.unavailable((error as Error).message, error);
    }
  }

  /** A type of exchange that the server does not know costs the whole connection: this one has nothing else to lose. */
  async #declareApart(topology: Topology): Promise<void> {
    const model = await connectAmqp(this.#url, this.#tls, `${this.#name} (declaring)`);
    let refusal: unknown;
    model.on('error', (error) => {
      refusal = error;
    });
    try {
      await declareLayout(model, layoutOf(topology), this.#url.vhost);
    } catch (error) {
      if (/exchange type/.test((refusal as Error | undefined)?.message ?? '')) throw pluginMissing();
      throw error;
    } finally {
      await disconnect(model, this.#control.patience(1_000));
    }
  }

  #remember(topology: Topology): void {
    const text = JSON.stringify(topology);
    if (!this.#declared.some((known) => JSON.stringify(known) === text)) this.#declared.push(topology);
    for (const queue of topology.queues) {
      const shape = shapeOf(queue);
      this.#shapes.set(queue.name, shape);
      if (queue.partitions > 1) this.#spread.set(queue.name, shape.entrance);
      const others = (this.#buried.get(queue.deadLetter) ?? []).filter(({ name }) => name !== queue.name);
      this.#buried.set(queue.deadLetter, [...others, queue]);
    }
  }

  /** Everything declared so far once more; callers at the same time share it. */
  #redeclare(): Promise<void> {
    this.#redeclaring ??= this.#declareAgain().finally(() => {
      this.#redeclaring = undefined;
    });
    return this.#redeclaring;
  }

  async #declareAgain(): Promise<void> {
    for (const topology of [...this.#declared]) await this.declare(topology);
  }

  async #shapeOfUndeclared(name: string): Promise<Shape> {
    const buriedFrom = this.#buried.get(name);
    if (buriedFrom !== undefined) return shapeOfName(name, 1, buriedFrom);
    const partitions = await this.#partitionsOf(name);
    const shape = shapeOfName(name, Math.max(1, partitions));
    if (partitions > 1) this.#spread.set(name, shape.entrance);
    return shape;
  }

  /** A queue with partitions that another connection has declared is not reached by its name alone. */
  async #detour(exchange: string, key: string): Promise<Shape['entrance'] | undefined> {
    if (exchange !== '' || (await this.#partitionsOf(key)) <= 1) return undefined;
    const { entrance } = shapeOfName(key, 2);
    this.#spread.set(key, entrance);
    return entrance;
  }

  /** How many partitions a queue has on the server; 0 when it has none or is not there. */
  #partitionsOf(name: string): Promise<number> {
    const known = this.#looking.get(name);
    if (known !== undefined) return known;
    const looking = this.#countPartitions(name).finally(() => this.#looking.delete(name));
    this.#looking.set(name, looking);
    return looking;
  }

  async #countPartitions(name: string): Promise<number> {
    const model = await this.#control.model();
    const exchange = await onOwnChannel(model, (channel) => orNull(channel.checkExchange(name)));
    if (exchange === null) return 0;
    let count = 0;
    while ((await lookAt(model, partitionName(name, count + 1))) !== null) count++;
    return count;
  }
}

/** The same bytes, as the driver takes them. */
function bufferOf(body: Uint8Array): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
}
