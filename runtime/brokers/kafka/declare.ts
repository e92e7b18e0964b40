import type { Clock } from '../../clock.js';
import { UnavailableError, UsageError } from '../../errors.js';
import type { Queue, Topology } from '../broker.js';
import { retryLadder } from '../retry-ladder.js';
import { type KafkaClient, typeOf } from './client.js';
import { type Definition, definitionsOf, type KafkaDefinitions } from './definitions.js';
import type { KafkaCluster } from './driver.js';
import { byTopic, committedOffsets, latest, offsetsAt, type Place, placeName, placesIn } from './log-reader.js';
import { exchangeTopic, namedTopic, ownTopic } from './topic-name.js';
import { type KafkaTopic, kafkaTopics } from './topics.js';

/** Number of the request that creates topics, in Kafka's protocol. */
const createTopicsRequest = 19;
const patienceMs = 15_000;

/**
 * Creates the topics that are missing, tells of the queues, and sets where their groups begin. Settles what can be settled and rejects otherwise; doing it
 * again does the rest.
 *
 * A group begins at the end of what its exchanges hold at this moment, so that it gets everything that is published from now on and nothing older. Where the
 * cluster takes no position for it, because its consumers run already or because it refuses strangers, the position is put into `starts` for a subscription of
 * this client; a subscription of another client then begins at the beginning, which is too early rather than too late.
 */
export async function declareTopology(
  client: KafkaClient,
  clock: Clock,
  definitions: KafkaDefinitions,
  topology: Topology,
  starts: Map<string, number>,
): Promise<void> {
  const wanted = kafkaTopics(topology);
  await definitions.refresh();
  // Refuses contradictions before anything is created.
  definitionsOf(topology, (exchange) => definitions.kindOf(exchange));
  const created = await client.ask((cluster) => createMissing(cluster, clock, wanted));
  const before = new Map(topology.queues.map(({ name }) => [name, definitions.find(name)]));
  await definitions.publish(topology);
  for (const queue of topology.queues) {
    await client.ask((cluster) => placeGroup(cluster, queue, before.get(queue.name), created, starts));
  }
}

/** Topics that a queue's group reads: its exchanges, its own, its retry steps. */
export function topicsRead(queue: Queue): readonly string[] {
  const exchanges = queue.bindings.map(({ exchange }) => exchangeTopic(exchange));
  const steps = retryLadder(queue).map(({ name }) => namedTopic(name));
  return [...new Set([...exchanges, ownTopic(queue.name), ...steps])];
}

/** Resolves with the names of those that were not there. */
async function createMissing(
  cluster: KafkaCluster,
  clock: Clock,
  wanted: readonly KafkaTopic[],
): Promise<ReadonlySet<string>> {
  const there = new Set((await cluster.metadata()).topicMetadata.map(({ topic }) => topic));
  const missing = wanted.filter(({ topic }) => !there.has(topic));
  if (missing.length === 0) return new Set();
  const names = missing.map(({ topic }) => topic);
  const [anyId] = cluster.getNodeIds();
  const any = await cluster.findBroker({ nodeId: anyId ?? -1 });
  // A cluster that cannot be told to create topics creates those that are asked about.
  if (any.versions?.[createTopicsRequest] === undefined) await any.metadata(names);
  else await create(cluster, missing);
  await allLed(cluster, clock, names);
  return new Set(names);
}

async function create(cluster: KafkaCluster, missing: readonly KafkaTopic[]): Promise<void> {
  const controller = await cluster.findControllerBroker();
  const topics = missing.map(({ topic, partitions, config }) => ({
    topic,
    numPartitions: partitions,
    replicationFactor: -1,
    replicaAssignment: [],
    configEntries: Object.entries(config).map(([name, value]) => ({ name, value })),
  }));
  try {
    await controller.createTopics({ topics, timeout: 10_000 });
  } catch (error) {
    const causes = (error as { errors?: readonly unknown[] }).errors ?? [error];
    // Somebody else was faster: services of a system start together.
    const real = causes.find((cause) => typeOf(cause) !== 'TOPIC_ALREADY_EXISTS');
    if (real === undefined) return;
    const topic = (real as { topic?: string }).topic;
    if (!/^(INVALID_|POLICY_VIOLATION|.*AUTHORIZATION_FAILED)/.test(typeOf(real))) throw real;
    throw new UsageError(`Kafka refuses to create topic "${topic ?? ''}": ${(real as Error).message}`);
  }
}

/** A new topic is known to the controller before each broker knows of it. */
async function allLed(cluster: KafkaCluster, clock: Clock, topics: readonly string[]): Promise<void> {
  const end = clock.now() + patienceMs;
  for (;;) {
    try {
      await cluster.addMultipleTargetTopics(topics);
      await cluster.refreshMetadata();
      const led = (topic: string) => cluster.findTopicPartitionMetadata(topic);
      if (topics.every((topic) => led(topic).length > 0 && led(topic).every(({ leader }) => leader >= 0))) return;
    } catch (error) {
      if (!/UNKNOWN_TOPIC|LEADER/.test(typeOf(error)) || clock.now() > end) throw error;
    }
    if (clock.now() > end) throw new UnavailableError(`a leader for each of ${topics.length} new topics`);
    await clock.sleep(200);
  }
}

/** `before` is what was declared until now: what the group should have read by then is not skipped although its position got lost. */
async function placeGroup(
  cluster: KafkaCluster,
  queue: Queue,
  before: Definition | undefined,
  created: ReadonlySet<string>,
  starts: Map<string, number>,
): Promise<void> {
  const places = await placesIn(cluster, topicsRead(queue));
  const committed = await committedOffsets(cluster, queue.name, places);
  const unplaced = places.filter((place) => (committed.get(placeName(place))?.offset ?? -1) < 0);
  const isNew = ({ topic }: Place) =>
    !created.has(topic) &&
    queue.bindings.some(({ exchange }) => exchangeTopic(exchange) === topic) &&
    !before?.queue.bindings.some(({ exchange }) => exchangeTopic(exchange) === topic);
  const toPlace = unplaced.filter((place) => before === undefined || isNew(place));
  if (toPlace.length === 0) return;
  const ends = await offsetsAt(cluster, toPlace.filter(isNew), latest);
  const offsetOf = (place: Place) => ends.get(placeName(place)) ?? 0;
  for (const place of toPlace) starts.set(startName(queue.name, place), offsetOf(place));
  const coordinator = await cluster.findGroupCoordinator({ groupId: queue.name });
  try {
    await coordinator.offsetCommit({
      groupId: queue.name,
      groupGenerationId: -1,
      memberId: '',
      retentionTime: -1,
      topics: byTopic(toPlace, (place) => ({
        partition: place.partition,
        offset: String(offsetOf(place)),
        metadata: '',
      })),
    });
  } catch (error) {
    if (!/UNKNOWN_MEMBER_ID|ILLEGAL_GENERATION|REBALANCE_IN_PROGRESS/.test(typeOf(error))) throw error;
  }
}

export function startName(queue: string, place: Place): string {
  return `${queue} ${placeName(place)}`;
}
