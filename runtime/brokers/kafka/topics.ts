import { UsageError } from '../../errors.js';
import type { Queue, Topology } from '../broker.js';
import { retryLadder } from '../retry-ladder.js';
import { exchangeTopic, namedTopic, ownTopic, topologyTopic } from './topic-name.js';

/** A topic that a topology needs. */
export interface KafkaTopic {
  readonly topic: string;
  /** At least as many as the most that a queue reading it asks for. */
  readonly partitions: number;
  /** Settings of the topic, as `kafka-topics.sh --config` takes them. The replication factor is the cluster's default. */
  readonly config: Readonly<Record<string, string>>;
  /** What it is for, in one line. */
  readonly why: string;
}

/** A consumer may be away for that long without losing a message; a week more than a message may be parked. */
const retentionMs = 14 * 86_400_000;

/** Larger than Kafka's own default of 1 MiB, which headers of a message of 1 MiB would exceed. */
const messageBytesMax = 4 * 1_048_576;

const kept = {
  'cleanup.policy': 'delete',
  'retention.ms': String(retentionMs),
  'max.message.bytes': String(messageBytesMax),
};

/** The newest record of each key stays for ever; a removed key goes. */
const compacted = { 'cleanup.policy': 'compact', 'max.message.bytes': String(messageBytesMax) };

/**
 * Every topic that `declare(topology)` creates, sorted by name: one per exchange, queue, retry step and place for dead letters, and the one that tells
 * what the queues are bound to.
 *
 * Throws `UsageError` when two things of the topology would share a topic, or when Kafka would not hold them apart.
 */
export function kafkaTopics(topology: Topology): readonly KafkaTopic[] {
  const wanted: KafkaTopic[] = [
    ...topology.exchanges.map(({ name }) => ({
      topic: exchangeTopic(name),
      partitions: partitionsOf(topology, name),
      config: kept,
      why: `exchange "${name}"`,
    })),
    ...topology.queues.flatMap((queue) => topicsOf(topology, queue)),
    {
      topic: topologyTopic,
      partitions: 1,
      config: compacted,
      why: 'which queues there are and what they are bound to',
    },
  ];
  refuseCollisions(wanted);
  const byName = new Map(wanted.map((topic) => [topic.topic, topic]));
  return [...byName.values()].sort((a, b) => (a.topic < b.topic ? -1 : 1));
}

function topicsOf(topology: Topology, queue: Queue): readonly KafkaTopic[] {
  // As many as its exchanges have: a key then has the same partition everywhere, and one consumer.
  const partitions = Math.max(
    queue.partitions,
    ...queue.bindings.map((binding) => partitionsOf(topology, binding.exchange)),
  );
  return [
    { topic: ownTopic(queue.name), partitions, config: kept, why: `messages for queue "${queue.name}" alone` },
    ...retryLadder(queue).map((step) => ({
      topic: namedTopic(step.name),
      partitions,
      config: kept,
      why: `messages of queue "${queue.name}" that wait ${step.delayMs} ms for their next try`,
    })),
    {
      topic: namedTopic(queue.deadLetter),
      partitions: 1,
      config: compacted,
      why: `dead letters "${queue.deadLetter}"`,
    },
  ];
}

/** What the most demanding of its queues asks for. */
function partitionsOf(topology: Topology, exchange: string): number {
  const readers = topology.queues.filter(({ bindings }) => bindings.some((binding) => binding.exchange === exchange));
  return Math.max(1, ...readers.map(({ partitions }) => partitions));
}

/** Kafka refuses a topic whose name differs from another one only in `.` and `_`, because names of metrics could not tell them apart. */
function refuseCollisions(topics: readonly KafkaTopic[]): void {
  const owners = new Map<string, KafkaTopic>();
  for (const topic of topics) {
    const metric = topic.topic.replaceAll('_', '.');
    const other = owners.get(metric);
    if (other !== undefined && (other.why !== topic.why || other.topic !== topic.topic)) {
      throw new UsageError(
        `${other.why} (topic "${other.topic}") and ${topic.why} (topic "${topic.topic}") would meet in Kafka; rename one`,
      );
    }
    owners.set(metric, topic);
  }
}
