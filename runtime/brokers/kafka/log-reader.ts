import type { KafkaClient } from './client.js';
import { type KafkaCluster, type OffsetsOfTopic, readCommitted } from './driver.js';
import { partitionsOf } from './publisher.js';
import { recordsOf, type StoredRecord } from './record.js';

export interface Place {
  readonly topic: string;
  readonly partition: number;
}

/** Name of a place, as a key of maps. */
export function placeName({ topic, partition }: Place): string {
  return `${topic}/${partition}`;
}

export const earliest = -2;
/** The offset that the next record will get. */
export const latest = -1;

/** Offsets of places by `placeName`, at the beginning or at the end of each. */
export async function offsetsAt(
  cluster: KafkaCluster,
  places: readonly Place[],
  timestamp: typeof earliest | typeof latest,
): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  for (const [nodeId, led] of await byLeader(cluster, places)) {
    const node = await cluster.findBroker({ nodeId });
    const topics = byTopic(led, ({ partition }) => ({ partition, timestamp }));
    const { responses } = await node.listOffsets({ replicaId: -1, isolationLevel: readCommitted, topics });
    for (const [name, { offset }] of placesOf(responses)) found.set(name, offset);
  }
  return found;
}

/** What a group has committed; -1 where it has not. */
export async function committedOffsets(
  cluster: KafkaCluster,
  groupId: string,
  places: readonly Place[],
): Promise<ReadonlyMap<string, { readonly offset: number; readonly metadata: string }>> {
  const coordinator = await cluster.findGroupCoordinator({ groupId });
  const topics = byTopic(places, ({ partition }) => ({ partition }));
  return placesOf((await coordinator.offsetFetch({ groupId, topics })).responses);
}

/** Reads a partition from one offset up to another, which is not included, without belonging to a group. */
export async function readLog(
  client: KafkaClient,
  place: Place,
  range: { readonly from: number; readonly to: number },
  take: (record: StoredRecord) => 'go on' | 'enough',
): Promise<void> {
  let position = range.from;
  // Compaction may have taken the last offsets away: then a fetch stays empty although the end is not reached.
  for (let empty = 0; position < range.to && empty < 5; ) {
    const { records, next } = await client.ask((cluster) => fetchOnce(cluster, place, position));
    empty = next === position ? empty + 1 : 0;
    position = next;
    for (const record of records) {
      if (record.offset >= range.to || take(record) === 'enough') return;
    }
  }
}

async function fetchOnce(cluster: KafkaCluster, place: Place, position: number) {
  const [nodeId] = [...(await byLeader(cluster, [place])).keys()];
  const node = await cluster.findBroker({ nodeId: nodeId ?? -1 });
  const topics = [
    {
      topic: place.topic,
      partitions: [{ partition: place.partition, fetchOffset: String(position), maxBytes: 1_048_576 }],
    },
  ];
  const answer = await node.fetch({
    replicaId: -1,
    isolationLevel: readCommitted,
    maxWaitTime: 100,
    minBytes: 1,
    maxBytes: 4_194_304,
    topics,
  });
  const fetched = answer.responses[0]?.partitions[0];
  return fetched === undefined ? { records: [], next: position } : recordsOf(fetched, position);
}

/** Every partition of the topics, those left out that do not exist. */
export async function placesIn(cluster: KafkaCluster, topics: readonly string[]): Promise<readonly Place[]> {
  const places: Place[] = [];
  for (const topic of topics) {
    for (const { partitionId } of await partitionsOf(cluster, topic)) places.push({ topic, partition: partitionId });
  }
  return places;
}

export async function byLeader<P extends Place>(
  cluster: KafkaCluster,
  places: readonly P[],
): Promise<ReadonlyMap<number, readonly P[]>> {
  const leaders = new Map<number, P[]>();
  for (const place of places) {
    const known = await partitionsOf(cluster, place.topic);
    const leader = known.find(({ partitionId }) => partitionId === place.partition)?.leader ?? -1;
    leaders.set(leader, [...(leaders.get(leader) ?? []), place]);
  }
  return leaders;
}

/** Places as requests name them: partitions below their topic. */
export function byTopic<P extends Place>(
  places: readonly P[],
  partition: (place: P) => object,
): readonly { readonly topic: string; readonly partitions: readonly object[] }[] {
  const topics = new Map<string, object[]>();
  for (const place of places) topics.set(place.topic, [...(topics.get(place.topic) ?? []), partition(place)]);
  return [...topics].map(([topic, partitions]) => ({ topic, partitions }));
}

function placesOf(
  responses: readonly OffsetsOfTopic[],
): ReadonlyMap<string, { readonly offset: number; readonly metadata: string }> {
  return new Map(
    responses.flatMap(({ topic, partitions }) =>
      partitions.map(
        ({ partition, offset, metadata }) =>
          [placeName({ topic, partition }), { offset: Number(offset), metadata: metadata ?? '' }] as const,
      ),
    ),
  );
}
