import { type Clock, systemClock } from '../clock.js';
import type { WireMessage } from '../envelope.js';
import { UnavailableError, UnroutableError, UsageError } from '../errors.js';
import type { Address, Broker, BrokerAdmin, BrokerCapabilities, Delivery, Subscription, Topology } from './broker.js';
import { describeAddress, kafkaAddress } from './kafka/address.js';
import { kafkaAdmin, wantedBy } from './kafka/admin.js';
import { KafkaClient } from './kafka/client.js';
import { declareTopology, startName, topicsRead } from './kafka/declare.js';
import { type Definition, KafkaDefinitions } from './kafka/definitions.js';
import { type KafkaSockets, kafkaDriver } from './kafka/driver.js';
import { KafkaLetters } from './kafka/letters.js';
import { KafkaPublisher } from './kafka/publisher.js';
import { recordOf, retryRecord } from './kafka/record.js';
import { KafkaSubscription, type SubscriptionOptions } from './kafka/subscription.js';
import { exchangeTopic, namedTopic, ownTopic } from './kafka/topic-name.js';
import { retryLadder, retryStep } from './retry-ladder.js';

export interface KafkaOptions {
  readonly clock?: Clock;
  /** How connections are opened. Default: TCP, with TLS for `kafka+ssl:`. */
  readonly sockets?: KafkaSockets;
}

/**
 * A connection to a Kafka cluster: `kafka://host:9092`, `kafka://a:9092,b:9092`, with TLS `kafka+ssl://…`, with a user
 * `kafka://user:password@host:9092?sasl=scram-sha-256` (`plain` by default).
 *
 * An exchange is a topic, a queue is a consumer group that reads the topics of its exchanges and a topic of its own, and leaves out what no binding takes.
 *
 * Rejects with `UsageError` for a URL that cannot be read or when the driver is not installed, with `UnavailableError` when no broker answers.
 */
export async function kafkaBroker(url: string, options: KafkaOptions = {}): Promise<KafkaBroker> {
  const address = kafkaAddress(url);
  const client = new KafkaClient(await kafkaDriver(address, options.sockets), address);
  const broker = new KafkaBroker(client, options.clock ?? systemClock);
  try {
    await client.ask(async () => {});
    return broker;
  } catch (error) {
    await broker.close();
    throw error;
  }
}

/** One client of a cluster. */
export class KafkaBroker implements Broker {
  readonly kind = 'kafka';
  readonly capabilities: BrokerCapabilities = {
    persistent: true,
    unroutableDetected: false,
    orderPerKey: true,
    delayedRetry: true,
    competingConsumers: true,
  };
  readonly admin: BrokerAdmin;
  readonly #client: KafkaClient;
  readonly #clock: Clock;
  readonly #publisher: KafkaPublisher;
  readonly #definitions: KafkaDefinitions;
  readonly #subscriptions = new Set<KafkaSubscription>();
  /** Where groups begin that could not be told so. */
  readonly #starts = new Map<string, number>();
  /** Partitions that keyless messages of a topic are spread over. */
  readonly #spread = new Map<string, number>();

  constructor(client: KafkaClient, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
    this.#publisher = new KafkaPublisher(client, clock, (topic) => this.#spread.get(topic));
    this.#definitions = new KafkaDefinitions(client, this.#publisher);
    this.admin = kafkaAdmin(client, this.#definitions, ({ deadLetter }) => this.#letters(deadLetter));
  }

  /** As far as the last request has told. */
  get connected(): boolean {
    return this.#client.connected;
  }

  async declare(topology: Topology): Promise<void> {
    this.#refuseWhenClosed();
    await declareTopology(this.#client, this.#clock, this.#definitions, topology, this.#starts);
    for (const queue of topology.queues) {
      const topics = [ownTopic(queue.name), ...queue.bindings.map(({ exchange }) => exchangeTopic(exchange))];
      for (const topic of topics) this.#spread.set(topic, Math.max(queue.partitions, this.#spread.get(topic) ?? 1));
    }
  }

  /** Rejects with `UnroutableError` only when there is no such exchange or queue: Kafka does not know who reads a topic. */
  async publish(address: Address, message: WireMessage): Promise<void> {
    this.#refuseWhenClosed();
    const record = recordOf(address, message);
    if (address.exchange !== '') return this.#publisher.send(exchangeTopic(address.exchange), record);
    if ((await this.#definitions.queue(address.key)) !== undefined) {
      return this.#publisher.send(ownTopic(address.key), record);
    }
    if (!(await this.#definitions.hasDeadLetters(address.key))) throw new UnroutableError(`queue "${address.key}"`);
    await this.#letters(address.key).publish(record);
  }

  /** Resolves before the group has let this consumer in, which takes it some seconds. Rejects with `UsageError` when nobody declared the queue. */
  async subscribe(
    queue: string,
    options: { readonly prefetch: number },
    receive: (delivery: Delivery) => Promise<void>,
  ): Promise<Subscription> {
    this.#refuseWhenClosed();
    if (!(options.prefetch >= 1)) throw new UsageError(`prefetch must be at least 1, not ${options.prefetch}`);
    const how = { prefetch: options.prefetch, receive, clock: this.#clock, queue };
    const subscription = new KafkaSubscription(this.#client.another(), await this.#consuming(queue, how));
    this.#subscriptions.add(subscription);
    return {
      pause: () => subscription.pause(),
      resume: () => subscription.resume(),
      stop: async () => {
        await subscription.stop();
        this.#subscriptions.delete(subscription);
      },
    };
  }

  /** Does not wait for messages in flight: they go to other consumers. Stop the subscriptions first to drain. */
  async close(): Promise<void> {
    const subscriptions = [...this.#subscriptions];
    this.#subscriptions.clear();
    await Promise.all(subscriptions.map((subscription) => subscription.abandon()));
    await this.#client.close();
  }

  async #consuming(
    name: string,
    how: Pick<SubscriptionOptions, 'prefetch' | 'receive' | 'clock' | 'queue'>,
  ): Promise<SubscriptionOptions> {
    const definition = await this.#definitions.queue(name);
    if (definition !== undefined) return this.#consumingQueue(definition, how);
    if (!(await this.#definitions.hasDeadLetters(name))) throw new UsageError(`queue "${name}" is not declared`);
    return this.#consumingLetters(name, how);
  }

  #consumingQueue(
    definition: Definition,
    how: Pick<SubscriptionOptions, 'prefetch' | 'receive' | 'clock' | 'queue'>,
  ): SubscriptionOptions {
    const { queue } = definition;
    const topics = topicsRead(queue);
    const ladder = retryLadder(queue);
    const steps = new Map(ladder.map((step) => [namedTopic(step.name), step.delayMs]));
    const letters = this.#letters(queue.deadLetter);
    return {
      ...how,
      groupId: queue.name,
      topics,
      maxDeliveries: queue.maxDeliveries,
      messageTtlMs: queue.messageTtlMs,
      rank: (topic) => topics.indexOf(topic),
      stepMs: (topic) => steps.get(topic),
      wanted: wantedBy(definition),
      start: (place) => this.#starts.get(startName(queue.name, place)),
      retry: ({ record }, attempts, dueMs) => {
        const step = retryStep(ladder, dueMs - this.#clock.now());
        const topic = step === undefined ? ownTopic(queue.name) : namedTopic(step.name);
        return this.#publisher.send(topic, retryRecord(record, attempts, dueMs));
      },
      bury: (entry, headers) => letters.add(entry, headers),
    };
  }

  /** Dead letters as a queue: what is acknowledged is removed, what is dead-lettered there stays there. */
  async #consumingLetters(
    name: string,
    how: Pick<SubscriptionOptions, 'prefetch' | 'receive' | 'clock' | 'queue'>,
  ): Promise<SubscriptionOptions> {
    const letters = this.#letters(name);
    const { letters: folded, end } = await letters.fold();
    const there = new Set(folded.map(({ id }) => id));
    return {
      ...how,
      groupId: name,
      topics: [namedTopic(name)],
      maxDeliveries: Number.POSITIVE_INFINITY,
      messageTtlMs: undefined,
      rank: () => 0,
      stepMs: () => undefined,
      // What was removed before is still in the log.
      wanted: (_, { key, message, offset }) => message !== null && (offset >= end || there.has(key ?? String(offset))),
      start: () => undefined,
      bury: (entry, headers) => letters.add(entry, headers),
      settling: ({ record }) => letters.remove(record.key ?? String(record.offset)),
    };
  }

  #letters(deadLetter: string): KafkaLetters {
    return new KafkaLetters(this.#client, this.#publisher, deadLetter);
  }

  #refuseWhenClosed(): void {
    if (this.#client.closed) throw new UnavailableError(`${describeAddress(this.#client.address)} (closed)`);
  }
}
