import type { WireMessage } from '../../envelope.js';
import { UsageError } from '../../errors.js';
import type { BrokerAdmin, Queue, QueueDepth, Topology, TopologyDifference } from '../broker.js';
import { retryLadder } from '../retry-ladder.js';
import type { KafkaClient } from './client.js';
import { topicsRead } from './declare.js';
import { bindingMatcher, type Definition, type KafkaDefinitions } from './definitions.js';
import type { Letter } from './letters.js';
import { committedOffsets, earliest, latest, offsetsAt, placeName, placesIn, readLog } from './log-reader.js';
import { decodeNote } from './offset-note.js';
import type { StoredRecord } from './record.js';
import { exchangeTopic, namedTopic } from './topic-name.js';
import { kafkaTopics } from './topics.js';

/** The dead letters of a queue, as far as operators need them. */
interface Letters {
  all(): Promise<readonly Letter[]>;
  remove(id: string): Promise<void>;
}

/**
 * What operators ask of Kafka. `ready` and `peek` read what the group has not committed, because a topic holds messages of other keys as well; so they
 * cost as much as the group is behind.
 */
export function kafkaAdmin(
  client: KafkaClient,
  definitions: KafkaDefinitions,
  lettersOf: (queue: Queue) => Letters,
): BrokerAdmin {
  return { depth, peek, deadLetters, sweepDeadLetters, diff };

  async function depth(queue: Queue): Promise<QueueDepth | null> {
    const definition = await definitions.queue(queue.name);
    if (definition === undefined) return null;
    const steps = new Set(retryLadder(definition.queue).map(({ name }) => namedTopic(name)));
    const waiting = await waitingOf(definition);
    return {
      ready: waiting.filter(({ topic }) => !steps.has(topic)).length,
      delayed: waiting.filter(({ topic }) => steps.has(topic)).length,
      dead: (await lettersOf(queue).all()).length,
    };
  }

  async function peek(queue: Queue, { limit }: { readonly limit: number }): Promise<readonly WireMessage[]> {
    const definition = await definitions.queue(queue.name);
    if (definition === undefined) throw new UsageError(`queue "${queue.name}" is not declared`);
    const waiting = await waitingOf(definition);
    const next = [...waiting].sort((a, b) => whenOf(a.record) - whenOf(b.record));
    return next.slice(0, limit).flatMap(({ record }) => record.message ?? []);
  }

  async function deadLetters(queue: Queue, { limit }: { readonly limit: number }): Promise<readonly WireMessage[]> {
    return (await lettersOf(queue).all()).slice(0, limit).map(({ message }) => message);
  }

  async function sweepDeadLetters(
    queue: Queue,
    decide: (message: WireMessage) => Promise<'keep' | 'remove'>,
  ): Promise<void> {
    const letters = lettersOf(queue);
    for (const { id, message } of await letters.all()) {
      if ((await decide(message)) === 'remove') await letters.remove(id);
    }
  }

  async function diff(topology: Topology): Promise<readonly TopologyDifference[]> {
    await definitions.refresh();
    const there = await client.ask((cluster) => cluster.metadata());
    const sizes = new Map(there.topicMetadata.map(({ topic, partitionMetadata }) => [topic, partitionMetadata.length]));
    return [
      ...topicDifferences(topology, sizes, client.address.brokers.join(',')),
      ...topology.queues.flatMap((queue) => queueDifferences(queue, definitions.find(queue.name))),
    ];
  }

  /** Messages that the group has yet to settle, in flight ones included. */
  async function waitingOf(
    definition: Definition,
  ): Promise<readonly { readonly topic: string; readonly record: StoredRecord }[]> {
    const { queue } = definition;
    const { places, committed, first, end } = await client.ask(async (cluster) => {
      const all = await placesIn(cluster, topicsRead(queue));
      return {
        places: all,
        committed: await committedOffsets(cluster, queue.name, all),
        first: await offsetsAt(cluster, all, earliest),
        end: await offsetsAt(cluster, all, latest),
      };
    });
    const isWanted = wantedBy(definition);
    const waiting: { topic: string; record: StoredRecord }[] = [];
    for (const place of places) {
      const { offset = -1, metadata = '' } = committed.get(placeName(place)) ?? {};
      const from = Math.max(offset, first.get(placeName(place)) ?? 0);
      const { settled } = decodeNote(offset, metadata);
      await readLog(client, place, { from, to: end.get(placeName(place)) ?? 0 }, (record) => {
        if (!settled.has(record.offset) && isWanted(place.topic, record)) waiting.push({ topic: place.topic, record });
        return 'go on';
      });
    }
    return waiting;
  }
}

/** Which records of its topics a queue takes. */
export function wantedBy(definition: Definition): (topic: string, record: StoredRecord) => boolean {
  const exchanges = new Set(definition.queue.bindings.map(({ exchange }) => exchange));
  const matchers = new Map([...exchanges].map((name) => [exchangeTopic(name), bindingMatcher(definition, name)]));
  return (topic, { routingKey }) => matchers.get(topic)?.(routingKey) ?? true;
}

function whenOf({ dueMs, timestampMs }: StoredRecord): number {
  return Math.max(dueMs, timestampMs);
}

function topicDifferences(
  topology: Topology,
  sizes: ReadonlyMap<string, number>,
  servers: string,
): readonly TopologyDifference[] {
  const tool = `kafka-topics.sh --bootstrap-server ${quoted(servers)}`;
  return kafkaTopics(topology).flatMap(({ topic, partitions, config, why }): readonly TopologyDifference[] => {
    const size = sizes.get(topic);
    const about = { resource: 'topic', name: topic };
    if (size === undefined) {
      const settings = Object.entries(config).map(([name, value]) => ` --config ${quoted(`${name}=${value}`)}`);
      const command = `${tool} --create --topic ${quoted(topic)} --partitions ${partitions}${settings.join('')}`;
      return [{ ...about, kind: 'missing', detail: `there is no topic "${topic}" for ${why}`, command }];
    }
    // More of them do no harm; fewer leave consumers idle.
    if (size >= partitions) return [];
    return [
      {
        ...about,
        kind: 'different',
        detail: `topic "${topic}" has ${size} partitions, the contracts ask for ${partitions}; keys move to other partitions when it grows, so let consumers empty it first`,
        command: `${tool} --alter --topic ${quoted(topic)} --partitions ${partitions}`,
      },
    ];
  });
}

function queueDifferences(queue: Queue, known: Definition | undefined): readonly TopologyDifference[] {
  const remedy = 'start the service: it declares what it needs';
  const about = { resource: 'queue', name: queue.name, command: remedy };
  if (known === undefined) return [{ ...about, kind: 'missing', detail: `nobody has declared queue "${queue.name}"` }];
  const has = (list: Queue['bindings'], { exchange, key }: Queue['bindings'][number]) =>
    list.some((one) => one.exchange === exchange && one.key === key);
  const binding = ({ exchange, key }: Queue['bindings'][number]) => ({
    resource: 'binding',
    name: `${exchange} -> ${queue.name}`,
    text: `exchange "${exchange}" with the key "${key}"`,
  });
  const settings = (['deadLetter', 'maxDeliveries', 'messageTtlMs'] as const)
    .filter((name) => known.queue[name] !== queue[name])
    .map((name) => `${name} ${known.queue[name] ?? 'none'} instead of ${queue[name] ?? 'none'}`);
  return [
    ...(settings.length === 0
      ? []
      : [{ ...about, kind: 'different' as const, detail: `queue "${queue.name}" has ${settings.join(', ')}` }]),
    ...queue.bindings
      .filter((one) => !has(known.queue.bindings, one))
      .map((one) => {
        const { resource, name, text } = binding(one);
        return {
          kind: 'missing' as const,
          resource,
          name,
          detail: `queue "${queue.name}" is not bound to ${text}`,
          command: remedy,
        };
      }),
    ...known.queue.bindings
      .filter((one) => !has(queue.bindings, one))
      .map((one) => {
        const { resource, name, text } = binding(one);
        return {
          kind: 'extra' as const,
          resource,
          name,
          detail: `queue "${queue.name}" is still bound to ${text}`,
          command: remedy,
        };
      }),
  ];
}

/** As one word of a POSIX shell. */
function quoted(text: string): string {
  return /^[\w.,:/=@-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
