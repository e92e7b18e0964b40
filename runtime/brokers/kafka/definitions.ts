import { UsageError } from '../../errors.js';
import type { Exchange, Queue, Topology } from '../broker.js';
import { topicMatcher } from '../topic-match.js';
import type { KafkaClient } from './client.js';
import { latest, offsetsAt, placeName, readLog } from './log-reader.js';
import type { KafkaPublisher } from './publisher.js';
import { topologyTopic } from './topic-name.js';

/** A queue and the kinds of the exchanges that it is bound to: all that a consumer must know. */
export interface Definition {
  readonly queue: Queue;
  readonly kinds: Readonly<Record<string, Exchange['kind']>>;
}

const place = { topic: topologyTopic, partition: 0 };

/**
 * The queues that are declared in a cluster. Kafka knows topics only, so they lie in a compacted topic of their own, from which every client learns what
 * another one has declared. The newest declaration of a queue holds.
 */
export class KafkaDefinitions {
  readonly #client: KafkaClient;
  readonly #publisher: KafkaPublisher;
  readonly #known = new Map<string, Definition>();
  #read = 0;

  constructor(client: KafkaClient, publisher: KafkaPublisher) {
    this.#client = client;
    this.#publisher = publisher;
  }

  /** Undefined when nobody declared such a queue. */
  async queue(name: string): Promise<Definition | undefined> {
    if (!this.#known.has(name)) await this.refresh();
    return this.#known.get(name);
  }

  /** Whether the dead letters of some queue bear that name. */
  async hasDeadLetters(name: string): Promise<boolean> {
    const known = () => [...this.#known.values()].some(({ queue }) => queue.deadLetter === name);
    if (!known()) await this.refresh();
    return known();
  }

  /** The same without asking the cluster: as far as this client knows. */
  find(name: string): Definition | undefined {
    return this.#known.get(name);
  }

  /** Kind of an exchange that some queue is bound to. */
  kindOf(exchange: string): Exchange['kind'] | undefined {
    return [...this.#known.values()].find(({ kinds }) => Object.hasOwn(kinds, exchange))?.kinds[exchange];
  }

  /** Reads what has been declared since the last look. */
  async refresh(): Promise<void> {
    const ends = await this.#client.ask(async (cluster) => {
      const topics = await cluster.metadata();
      if (!topics.topicMetadata.some(({ topic }) => topic === topologyTopic)) return new Map<string, number>();
      return offsetsAt(cluster, [place], latest);
    });
    const to = ends.get(placeName(place)) ?? 0;
    await readLog(this.#client, place, { from: this.#read, to }, ({ key, message }) => {
      const definition = message === null ? undefined : parsed(message.body);
      if (definition !== undefined) this.#known.set(definition.queue.name, definition);
      else if (key !== null) this.#known.delete(key);
      return 'go on';
    });
    this.#read = Math.max(this.#read, to);
  }

  /** Tells every client; writes nothing when all is known already. The topic must exist. */
  async publish(topology: Topology): Promise<void> {
    for (const definition of definitionsOf(topology, (exchange) => this.kindOf(exchange))) {
      const text = JSON.stringify(definition);
      if (text === JSON.stringify(this.#known.get(definition.queue.name))) continue;
      const record = { key: definition.queue.name, value: new TextEncoder().encode(text), headers: {} };
      await this.#publisher.send(topologyTopic, record, place.partition);
      this.#known.set(definition.queue.name, definition);
    }
  }
}

/** Throws `UsageError` for a topology that contradicts itself. `known` tells the kind of exchanges that it does not name. */
export function definitionsOf(
  topology: Topology,
  known: (exchange: string) => Exchange['kind'] | undefined,
): readonly Definition[] {
  const kinds = new Map<string, Exchange['kind']>();
  for (const { name, kind } of topology.exchanges) {
    if (name === '') throw new UsageError('the exchange without a name cannot be declared');
    const other = kinds.get(name) ?? kind;
    if (other !== kind) throw new UsageError(`exchange "${name}" is declared as ${other}, not as ${kind}`);
    kinds.set(name, kind);
  }
  return topology.queues.map((queue) => {
    if (!(queue.partitions >= 1 && queue.maxDeliveries >= 1)) {
      throw new UsageError(`queue "${queue.name}" needs at least 1 partition and 1 delivery`);
    }
    const bound = queue.bindings.map(({ exchange }) => {
      const kind = kinds.get(exchange) ?? known(exchange);
      if (kind !== undefined) return [exchange, kind] as const;
      throw new UsageError(`queue "${queue.name}" is bound to exchange "${exchange}", which is not declared`);
    });
    return { queue, kinds: Object.fromEntries(bound) };
  });
}

/** Which messages of an exchange a queue takes, by routing key. */
export function bindingMatcher({ queue, kinds }: Definition, exchange: string): (key: string) => boolean {
  const keys = queue.bindings.filter((binding) => binding.exchange === exchange).map(({ key }) => key);
  if (kinds[exchange] === 'fanout') return () => keys.length > 0;
  if (kinds[exchange] === 'direct') return (key) => keys.includes(key);
  const matchers = keys.map(topicMatcher);
  return (key) => matchers.some((matches) => matches(key));
}

/** Undefined for what a later version, or somebody else, has written. */
function parsed(body: Uint8Array): Definition | undefined {
  try {
    const value = JSON.parse(new TextDecoder().decode(body)) as Partial<Definition>;
    return typeof value.queue?.name === 'string' && typeof value.kinds === 'object' ? (value as Definition) : undefined;
  } catch {
    return undefined;
  }
}
