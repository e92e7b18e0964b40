import { type Clock, type Random, systemClock, systemRandom } from '../clock.js';
import type { WireMessage } from '../envelope.js';
import { UnavailableError, UsageError } from '../errors.js';
import type { Address, Broker, BrokerAdmin, BrokerCapabilities, Delivery, Subscription, Topology } from './broker.js';
import { natsAdmin } from './nats/admin.js';
import { Bucket } from './nats/bucket.js';
import { NatsConnection } from './nats/connection.js';
import { NatsConsumer } from './nats/consumer.js';
import { consumerInfo, declare } from './nats/declare.js';
import { consumerOf, keys, streamOf } from './nats/names.js';
import { Publisher } from './nats/publisher.js';
import { Routes } from './nats/routes.js';
import type { QueueEntry } from './nats/streams.js';

const declareAgainMs = 500;

export interface NatsBrokerOptions {
  /** Default: the machine's clock. */
  readonly clock?: Clock;
  readonly random?: Random;
}

/**
 * A connection to NATS with JetStream, server 2.9 or newer: `nats://user:password@host:4222`, `tls://...`. How queues become streams: `natsStreams`.
 *
 * Promises: what a publish resolved for is in the file of the stream's leader (and of a majority, with replicas), which outlives the server's process; a
 * break in the connection is mended for ever, in the background. Does not promise: that the server has forced that file to the disk (its `sync_interval`), or
 * that a message of a consumer that died is handed out before its acknowledgement wait of 15 s is over.
 *
 * Rejects with `UsageError` for a wrong URL or a driver that is not installed, with `UnavailableError` when no server answers.
 */
export async function natsBroker(url: string, options: NatsBrokerOptions = {}): Promise<Broker> {
  const { clock = systemClock, random = systemRandom } = options;
  return new NatsBroker(await NatsConnection.open(url, random), clock, random);
}

class NatsBroker implements Broker {
  readonly kind = 'nats';
  readonly capabilities: BrokerCapabilities = {
    persistent: true,
    unroutableDetected: true,
    orderPerKey: true,
    delayedRetry: true,
    competingConsumers: true,
  };
  readonly admin: BrokerAdmin;
  readonly #connection: NatsConnection;
  readonly #clock: Clock;
  readonly #bucket: Bucket;
  readonly #publisher: Publisher;
  /** By their text, so that declaring again and again remembers one. */
  readonly #declared = new Map<string, Topology>();
  readonly #consumers = new Set<NatsConsumer>();

  constructor(connection: NatsConnection, clock: Clock, random: Random) {
    this.#connection = connection;
    this.#clock = clock;
    this.#bucket = new Bucket(connection);
    const routes = new Routes(this.#bucket);
    this.#publisher = new Publisher(connection, routes, random);
    connection.onBack(() => {
      // The server may have come back without its data, and count its revisions from the start.
      routes.clear();
      void this.#declareAgain();
    });
    this.admin = natsAdmin(connection, this.#bucket);
  }

  async declare(topology: Topology): Promise<void> {
    await declare(this.#connection, this.#bucket, topology);
    this.#declared.set(JSON.stringify(topology), topology);
  }

  publish(address: Address, message: WireMessage): Promise<void> {
    return this.#publisher.publish(address, message);
  }

  /** `prefetch` is at least 1. Rejects with `UsageError` when the queue is not declared. */
  async subscribe(
    queue: string,
    options: { readonly prefetch: number },
    receive: (delivery: Delivery) => Promise<void>,
  ): Promise<Subscription> {
    this.#connection.refuseUnlessUp();
    if (!(options.prefetch >= 1)) throw new UsageError(`prefetch must be at least 1, not ${options.prefetch}`);
    const entry = await this.#bucket.get<QueueEntry>(keys.queue(queue));
    const info = await consumerInfo(this.#connection, streamOf(queue), consumerOf(0));
    if (entry === undefined || info === undefined) throw new UsageError(`queue "${queue}" is not declared`);
    const consumer = new NatsConsumer({
      ...{ connection: this.#connection, clock: this.#clock, queue: entry.value, prefetch: options.prefetch, receive },
      ackWaitMs: (info.config.ack_wait ?? 0) / 1_000_000,
    });
    this.#consumers.add(consumer);
    consumer.start();
    return {
      pause: () => consumer.pause(),
      resume: () => consumer.resume(),
      stop: async () => {
        await consumer.stop();
        this.#consumers.delete(consumer);
      },
    };
  }

  /** Does not wait for messages in flight: they go back to their queues. Stop the subscriptions first to drain. */
  async close(): Promise<void> {
    const dropped = [...this.#consumers].map((consumer) => consumer.drop());
    this.#consumers.clear();
    await Promise.all(dropped);
    await this.#connection.close();
  }
  /** After a lost connection: nothing, when everything is still there. Tries until it is done or the connection is lost again. */
  async #declareAgain(): Promise<void> {
    try {
      for (const topology of this.#declared.values()) await declare(this.#connection, this.#bucket, topology);
    } catch (error) {
      // JetStream starts later than the server; what contradicts the topology by now is said to the next who declares it.
      if (error instanceof UnavailableError && this.#connection.isUp) {
        this.#clock.timer(declareAgainMs, () => void this.#declareAgain());
      }
    }
  }
}
