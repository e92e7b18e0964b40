import type { Clock } from '../../clock.js';
import { UnavailableError, UnroutableError, UsageError } from '../../errors.js';
import type { KafkaClient } from './client.js';
import { typeOf } from './client.js';
import type { KafkaCluster, KafkaNode, ProducerId } from './driver.js';
import type { NewRecord } from './record.js';

interface Waiting {
  readonly topic: string;
  readonly record: NewRecord;
  /** Where to, when the caller knows better than the key. */
  readonly partition: number | undefined;
  readonly bytes: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Records of one partition that travel together. */
interface Batch {
  readonly topic: string;
  readonly partition: number;
  readonly records: Waiting[];
}

/** Below what a broker takes as one batch, so that only a single record can be too large. */
const batchBytesMax = 512 * 1024;
const flushBytesMax = 4 * 1024 * 1024;
const tries = 3;

/**
 * Writes records, and tells of each when all replicas in sync have it.
 *
 * What arrives while a request is under way leaves with the next one, so that many callers share it. Batches are numbered (idempotent producer): one that is
 * sent again because its answer got lost is not written twice. Once a batch has failed for good the numbering begins anew.
 */
export class KafkaPublisher {
  readonly #client: KafkaClient;
  readonly #clock: Clock;
  /** How many partitions keyless records of a topic are spread over. */
  readonly #spread: (topic: string) => number | undefined;
  #waiting: Waiting[] = [];
  #flushing = false;
  #turn = 0;
  #id: ProducerId | undefined;
  #sequences = new Map<string, number>();

  constructor(client: KafkaClient, clock: Clock, spread: (topic: string) => number | undefined) {
    this.#client = client;
    this.#clock = clock;
    this.#spread = spread;
  }

  /** Rejects with `UnroutableError` when the topic does not exist, with `UnavailableError` when the cluster is away or refuses the record. */
  send(topic: string, record: NewRecord, partition?: number): Promise<void> {
    const bytes = 200 + (record.value?.byteLength ?? 0);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ topic, record, partition, bytes, resolve, reject });
      if (!this.#flushing) void this.#flushAll();
    });
  }

  async #flushAll(): Promise<void> {
    this.#flushing = true;
    // One turn of the event loop's microtasks: callers of the same moment share a request.
    await Promise.resolve();
    while (this.#waiting.length > 0) await this.#flush(this.#takeSome());
    this.#flushing = false;
  }

  #takeSome(): readonly Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const { bytes: more } of this.#waiting) {
      if (count > 0 && bytes + more > flushBytesMax) break;
      bytes += more;
      count++;
    }
    return this.#waiting.splice(0, count);
  }

  /** Never rejects. */
  async #flush(some: readonly Waiting[]): Promise<void> {
    const batches = await this.#batches(some);
    // Rounds, as numbered batches of one partition must arrive one after the other.
    for (let rest = batches; rest.length > 0; ) {
      const round = new Map<string, Batch>();
      const later: Batch[] = [];
      for (const batch of rest) {
        const place = placeOf(batch);
        if (round.has(place)) later.push(batch);
        else round.set(place, batch);
      }
      await this.#sendRound([...round.values()]);
      rest = later;
    }
  }

  async #batches(some: readonly Waiting[]): Promise<readonly Batch[]> {
    const batches: Batch[] = [];
    const open = new Map<string, { batch: Batch; bytes: number }>();
    for (const waiting of some) {
      try {
        const partition = waiting.partition ?? (await this.#partitionFor(waiting));
        const place = `${waiting.topic} ${partition}`;
        let current = open.get(place);
        if (current === undefined || current.bytes + waiting.bytes > batchBytesMax) {
          current = { batch: { topic: waiting.topic, partition, records: [] }, bytes: 0 };
          open.set(place, current);
          batches.push(current.batch);
        }
        current.batch.records.push(waiting);
        current.bytes += waiting.bytes;
      } catch (error) {
        waiting.reject(error);
      }
    }
    return batches;
  }

  async #partitionFor({ topic, record }: Waiting): Promise<number> {
    const count = await this.#client.ask(async (cluster) => (await partitionsOf(cluster, topic)).length);
    if (count === 0) throw new UnroutableError(`topic "${topic}", which does not exist`);
    if (record.key !== null) return this.#client.driver.partitionOf(topic, record.key, count);
    return this.#turn++ % Math.min(count, this.#spread(topic) ?? count);
  }

  async #sendRound(batches: readonly Batch[]): Promise<void> {
    try {
      await this.#trySeveralTimes(batches);
      for (const batch of batches) for (const { resolve } of batch.records) resolve();
    } catch (error) {
      this.#id = undefined;
      this.#sequences.clear();
      const together = batches.flatMap((batch) => batch.records.map((one) => ({ ...batch, records: [one] })));
      // A record that the broker refuses must not take others with it.
      if (together.length > 1 && isRefusal(error)) for (const alone of together) await this.#sendRound([alone]);
      else for (const { records } of together) for (const { reject } of records) reject(this.#client.failure(error));
    }
  }

  async #trySeveralTimes(batches: readonly Batch[]): Promise<void> {
    const firsts = new Map(batches.map((batch) => [batch, this.#sequences.get(placeOf(batch)) ?? 0]));
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#client.ask((cluster) => this.#produce(cluster, batches, firsts));
        for (const [batch, first] of firsts)
          this.#sequences.set(placeOf(batch), (first + batch.records.length) % 2 ** 31);
        return;
      } catch (error) {
        if (attempt === tries || isRefusal(error) || this.#client.closed) throw error;
        await this.#clock.sleep(100 * 2 ** attempt);
      }
    }
  }

  async #produce(cluster: KafkaCluster, batches: readonly Batch[], firsts: ReadonlyMap<Batch, number>): Promise<void> {
    await cluster.refreshMetadataIfNecessary();
    const byLeader = new Map<number, Batch[]>();
    for (const batch of batches) {
      const leader = (await partitionsOf(cluster, batch.topic)).find(
        (one) => one.partitionId === batch.partition,
      )?.leader;
      if (leader === undefined || leader < 0) {
        await cluster.refreshMetadata();
        throw new UnavailableError(`the leader of topic "${batch.topic}"`);
      }
      byLeader.set(leader, [...(byLeader.get(leader) ?? []), batch]);
    }
    for (const [nodeId, led] of byLeader) {
      const node = await cluster.findBroker({ nodeId });
      const { producerId, producerEpoch } = await this.#producer(node);
      const topicData = led.map((batch) => ({
        topic: batch.topic,
        partitions: [
          {
            partition: batch.partition,
            firstSequence: firsts.get(batch) ?? 0,
            messages: batch.records.map((one) => this.#encoded(one.record)),
          },
        ],
      }));
      try {
        await node.produce({ topicData, producerId, producerEpoch, acks: -1, timeout: 10_000 });
      } catch (error) {
        // Written already: the answer to the first sending was lost.
        if (typeOf(error) === 'DUPLICATE_SEQUENCE_NUMBER') continue;
        if (/LEADER|REPLICA|UNKNOWN_TOPIC/.test(typeOf(error))) await cluster.refreshMetadata();
        throw error;
      }
    }
  }

  async #producer(node: KafkaNode): Promise<ProducerId> {
    this.#id ??= await node.initProducerId({ transactionTimeout: 60_000 });
    return this.#id;
  }

  #encoded({ key, value, headers }: NewRecord): object {
    return {
      key: key === null ? null : Buffer.from(key),
      value: value === null ? null : Buffer.from(value.buffer, value.byteOffset, value.byteLength),
      headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)])),
      timestamp: Math.floor(this.#clock.now()),
    };
  }
}

/** Where the partitions of a topic lie; none when it does not exist. */
export async function partitionsOf(
  cluster: KafkaCluster,
  topic: string,
): Promise<ReturnType<KafkaCluster['findTopicPartitionMetadata']>> {
  const known = cluster.findTopicPartitionMetadata(topic);
  if (known.length > 0) return known;
  try {
    await cluster.addMultipleTargetTopics([topic]);
  } catch (error) {
    if (typeOf(error) === 'UNKNOWN_TOPIC_OR_PARTITION') return [];
    throw error;
  }
  return cluster.findTopicPartitionMetadata(topic);
}

function placeOf({ topic, partition }: Batch): string {
  return `${topic} ${partition}`;
}

/** The broker read the records and will not have them; sending them again cannot help. */
function isRefusal(error: unknown): boolean {
  if (error instanceof UsageError) return true;
  return /^(MESSAGE_TOO_LARGE|RECORD_LIST_TOO_LARGE|INVALID_RECORD|CORRUPT_MESSAGE|INVALID_TIMESTAMP|POLICY_VIOLATION|.*AUTHORIZATION_FAILED)$/.test(
    typeOf(error),
  );
}
