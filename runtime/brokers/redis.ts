import { type Clock, type Random, systemClock, systemRandom } from '../clock.js';
import type { WireMessage } from '../envelope.js';
import { UnavailableError, UnroutableError, UsageError } from '../errors.js';
import type { Address, Broker, BrokerAdmin, BrokerCapabilities, Delivery, Subscription, Topology } from './broker.js';
import { partitionOf } from './partition.js';
import { redisAddress } from './redis/address.js';
import { redisAdmin } from './redis/admin.js';
import { type Catalogue, catalogueOf, scopeOf } from './redis/catalogue.js';
import { RedisConnection } from './redis/connection.js';
import { RedisConsumer } from './redis/consumer.js';
import { declare } from './redis/declare.js';
import { framed, headersText } from './redis/entry.js';
import { keysOf, type RedisKeys } from './redis/keys.js';
import { publish, publishOnce } from './redis/scripts/publish.js';

export { type RedisKey, redisKeys } from './redis/keys.js';

/** A publisher's bindings may be outdated as often in a row; each time it looks again. */
const roundsMax = 50;

/**
 * A broker on Redis 6.2 or later: a stream with a consumer group per queue and partition. `url` is `redis://host:6379/0`, or `rediss:` for TLS; see
 * `redisAddress` for its parameters.
 *
 * Promises: a message is in all of its queues or in none; it stays in its stream until it is acknowledged or dead, whoever crashes. Does not promise:
 * that it outlives a crash of a Redis without an append-only file (`capabilities.persistent` tells) or a failover to a replica that lags behind.
 *
 * Rejects with `UsageError` for a URL that it cannot read, with `UnavailableError` when Redis cannot be reached.
 */
export async function redisBroker(
  url: string,
  { clock = systemClock, random = systemRandom }: { readonly clock?: Clock; readonly random?: Random } = {},
): Promise<RedisBroker> {
  const address = redisAddress(url);
  const connection = await RedisConnection.open(address, random);
  await connection.load(publish);
  return new RedisBroker({ connection, ...address, clock, random, persistent: await keepsData(connection) });
}

interface Surroundings {
  readonly connection: RedisConnection;
  readonly prefix: string;
  readonly leaseMs: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly persistent: boolean;
}

export class RedisBroker implements Broker {
  readonly kind = 'redis';
  readonly capabilities: BrokerCapabilities;
  readonly admin: BrokerAdmin;
  readonly #around: Surroundings;
  readonly #connection: RedisConnection;
  readonly #keys: RedisKeys;
  readonly #consumers = new Set<RedisConsumer>();
  /** Declared through this client: declared again when Redis turns out to have lost it. */
  readonly #declared: Topology[] = [];
  #catalogue: Promise<Catalogue> | undefined;
  #keyless = 0;
  #closed = false;

  constructor(around: Surroundings) {
    this.#around = around;
    this.#connection = around.connection;
    this.#keys = keysOf(around.prefix);
    this.capabilities = {
      persistent: around.persistent,
      unroutableDetected: true,
      orderPerKey: true,
      delayedRetry: true,
      competingConsumers: true,
    };
    this.admin = redisAdmin(this.#connection, this.#keys, around.prefix);
    this.#connection.onBack(() => {
      void this.#connection.load(publish).catch(() => {});
      void this.#restore().catch(() => {});
    });
  }

  async declare(topology: Topology): Promise<void> {
    await this.#declare(topology);
    if (!this.#declared.includes(topology)) this.#declared.push(topology);
  }

  async publish(address: Address, message: WireMessage): Promise<void> {
    for (let round = 0; round < roundsMax; round++) {
      const catalogue = await this.#known();
      const queues = catalogue.route(address);
      if (queues.length > 0 && (await this.#send(catalogue, queues, address, message))) return;
      this.#catalogue = undefined;
      // Redis has lost everything, what this client declared included.
      if (catalogue.version === '') await this.#restore();
      // Nobody takes it: unless that is news since the bindings were read, it is so.
      if (queues.length === 0 && (await this.#known()).version === catalogue.version) {
        throw new UnroutableError(`exchange "${address.exchange}", key "${address.key}"`);
      }
    }
    throw new UnavailableError(`${this.#connection.place} (bindings change without a pause)`);
  }

  /** `prefetch` is at least 1. Rejects with `UsageError` when the queue is not declared. */
  async subscribe(
    queue: string,
    { prefetch }: { readonly prefetch: number },
    receive: (delivery: Delivery) => Promise<void>,
  ): Promise<Subscription> {
    if (!(prefetch >= 1)) throw new UsageError(`prefetch must be at least 1, not ${prefetch}`);
    this.#catalogue = undefined;
    const settings = (await this.#known()).queues.get(queue);
    if (settings === undefined) throw new UsageError(`queue "${queue}" is not declared`);
    const consumer = new RedisConsumer({
      ...this.#around,
      keys: this.#keys,
      queue,
      settings,
      scope: scopeOf(this.#keys, queue, settings),
      id: this.#around.random.uuid(),
      prefetch,
      receive,
      restore: () => this.#restore(),
      left: () => this.#consumers.delete(consumer),
    });
    this.#consumers.add(consumer);
    try {
      await consumer.start();
    } catch (error) {
      await consumer.drop();
      throw error;
    }
    return consumer;
  }

  /** Does not wait for messages in flight: they go back to their queues. Stop the subscriptions first to drain. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await Promise.all([...this.#consumers].map((consumer) => consumer.drop()));
    await this.#connection.close();
  }

  /** Breaks off without a word, as the death of the process would: what is in flight is handed out again when the leases have run out. */
  async abort(): Promise<void> {
    this.#closed = true;
    for (const consumer of this.#consumers) consumer.abandon();
    await this.#connection.close();
  }

  async #declare(topology: Topology): Promise<void> {
    await declare(this.#connection, this.#keys, this.#around.prefix, this.#around.random, topology);
    this.#catalogue = undefined;
  }

  async #restore(): Promise<void> {
    for (const topology of this.#declared) await this.#declare(topology);
  }

  /** The catalogue last read; read once for all who ask meanwhile. */
  #known(): Promise<Catalogue> {
    const reading = this.#catalogue ?? catalogueOf(this.#connection, this.#keys);
    if (this.#catalogue === undefined) {
      this.#catalogue = reading;
      reading.catch(() => {
        if (this.#catalogue === reading) this.#catalogue = undefined;
      });
    }
    return reading;
  }

  async #send(
    { version, exchanges, queues }: Catalogue,
    names: readonly string[],
    { exchange, partitionKey }: Address,
    message: WireMessage,
  ): Promise<boolean> {
    if (exchange !== '' && exchanges.get(exchange)?.atMostOnce === true) {
      const keys = [this.#keys.version, ...names.map((name) => this.#keys.takers(name))];
      return (await this.#connection.run(publishOnce, keys, [version, this.#keys.inbox(''), framed(message)])) === 1;
    }
    const key = partitionKey ?? message.headers['ce-partitionkey'];
    const keys = names.flatMap((name) => {
      const count = queues.get(name)?.partitions ?? 1;
      const partition = key === undefined ? this.#keyless++ % count : partitionOf(key, count);
      return [this.#keys.stream(name, partition), this.#keys.asleep(name)];
    });
    const { buffer, byteOffset, byteLength } = message.body;
    const args = [version, headersText(message.headers), Buffer.from(buffer, byteOffset, byteLength)];
    return (await this.#connection.run(publish, [this.#keys.version, ...keys], args)) === 1;
  }
}

/** Whether Redis writes an append-only file. One that may not be asked is believed to keep nothing. */
async function keepsData(connection: RedisConnection): Promise<boolean> {
  const facts = await connection.command('INFO', 'persistence').catch(() => '');
  return /^aof_enabled:1\r?$/m.test(String(facts));
}
