import type { Clock } from '../../clock.js';
import type { Subscription } from '../broker.js';
import { type KafkaClient, typeOf } from './client.js';
import { type DispatcherOptions, KafkaDispatcher } from './dispatcher.js';
import { readCommitted } from './driver.js';
import { GroupMember } from './group-member.js';
import {
  byLeader,
  byTopic,
  committedOffsets,
  earliest,
  latest,
  offsetsAt,
  type Place,
  placeName,
} from './log-reader.js';
import { decodeNote } from './offset-note.js';
import { PartitionProgress } from './partition-progress.js';
import { recordsOf, type StoredRecord } from './record.js';

export interface SubscriptionOptions extends Omit<DispatcherOptions, 'commit' | 'cutOff' | 'moved'> {
  readonly groupId: string;
  readonly topics: readonly string[];
  readonly wanted: (topic: string, record: StoredRecord) => boolean;
  /** Where the group begins in a partition in which it has committed nothing; undefined: at its beginning. */
  readonly start: (place: Place) => number | undefined;
}

/** Fetched ahead of the consumer, per partition: at least so many messages, unless they are large. */
const lookAheadMin = 200;
const lookAheadBytesMax = 8 * 1_048_576;
const fetchWaitMs = 250;
const endPatienceMs = 6_000;
const failuresBorne = 3;

/**
 * A consumer of a queue: a member of its group that fetches and hands out, through rebalances and lost connections, until it is stopped.
 *
 * The members share the partitions. When one comes or goes, each stops handing out, gives its messages in flight a moment to be settled, and keeps those of
 * the partitions that stay with it.
 */
export class KafkaSubscription implements Subscription {
  readonly #options: SubscriptionOptions;
  readonly #client: KafkaClient;
  readonly #clock: Clock;
  readonly #member: GroupMember;
  readonly #dispatcher: KafkaDispatcher;
  readonly #over = new AbortController();
  readonly #live: Promise<void>;
  /** Ends the present generation: `serve` rejects with the reason. */
  #generation = new AbortController();
  #moved: (() => void)[] = [];

  constructor(client: KafkaClient, options: SubscriptionOptions) {
    this.#client = client;
    this.#options = options;
    this.#clock = options.clock;
    this.#member = new GroupMember(client, options.groupId, options.topics);
    this.#dispatcher = new KafkaDispatcher({
      ...options,
      commit: (commits) => this.#member.commit(commits),
      cutOff: (error) => this.#generation.abort(error),
      moved: () => this.#tellFetchers(),
    });
    this.#live = this.#liveOn();
  }

  pause(): void {
    this.#dispatcher.pause();
  }

  resume(): void {
    this.#dispatcher.unpause();
  }

  async stop(): Promise<void> {
    await this.#dispatcher.leave();
    await this.#end();
  }

  /** Waits for nothing: what is in flight goes to other consumers. */
  async abandon(): Promise<void> {
    this.#dispatcher.abandon();
    await this.#end();
  }

  /** A member that goes while it joins has to wait for the answer: the group would miss it otherwise. */
  async #end(): Promise<void> {
    this.#over.abort(new Error('stopped'));
    this.#generation.abort(this.#over.signal.reason);
    const patience = new AbortController();
    const enough = this.#clock.sleep(endPatienceMs, patience.signal).catch(() => {});
    await Promise.race([this.#live, enough]);
    patience.abort();
  }

  /** Never rejects. */
  async #liveOn(): Promise<void> {
    for (let failures = 0; !this.#over.signal.aborted; ) {
      try {
        await this.#takePart();
      } catch (error) {
        if (!this.#over.signal.aborted) failures = await this.#recover(error, failures);
      }
    }
    await this.#member.leave();
    await this.#client.close();
  }

  /** One generation of the group, to its end: rejects with what ended it. */
  async #takePart(): Promise<void> {
    const places = await this.#member.join();
    if (this.#over.signal.aborted) return;
    const generation = new AbortController();
    this.#generation = generation;
    this.#dispatcher.resume(await this.#progressOf(places));
    const nodes = await this.#client.ask((cluster) => byLeader(cluster, places));
    const { signal } = generation;
    try {
      await Promise.race([
        rejection(signal),
        this.#beat(signal),
        ...[...nodes].map(([nodeId, led]) => this.#fetchFrom(nodeId, led, signal)),
      ]);
    } finally {
      generation.abort(new Error('the generation is over'));
      this.#tellFetchers();
    }
  }

  /** What can be done about the end of a generation; resolves with the number of failures in a row. */
  async #recover(error: unknown, failures: number): Promise<number> {
    const type = typeOf(error);
    if (type === 'REBALANCE_IN_PROGRESS') {
      await this.#drain();
      return 0;
    }
    if (type === 'UNKNOWN_MEMBER_ID' || type === 'ILLEGAL_GENERATION') {
      this.#dispatcher.forsake();
      if (type === 'UNKNOWN_MEMBER_ID') this.#member.forget();
      return 0;
    }
    // A connection or a leader is gone. While the group still counts on this member, its partitions are its own; who settles a message must not wait for ever.
    if (failures < failuresBorne) this.#dispatcher.interrupt();
    else this.#dispatcher.forsake();
    this.#client.drop();
    await this.#clock.sleep(Math.min(5_000, 100 * 2 ** failures), this.#over.signal).catch(() => {});
    return Math.min(failures + 1, 10);
  }

  /** While others wait for us: what is in flight gets a moment, and is committed if the group still takes it. */
  async #drain(): Promise<void> {
    const { sessionTimeoutMs, rebalanceTimeoutMs } = this.#client.address;
    const patience = new AbortController();
    const enough = this.#clock.sleep(Math.min(sessionTimeoutMs / 4, rebalanceTimeoutMs / 4), patience.signal);
    await Promise.race([this.#dispatcher.drain(), enough, rejection(this.#over.signal)]).catch(() => {});
    patience.abort(new Error('drained'));
    await enough.catch(() => {});
  }

  /** Partitions that stay with us go on as they are; of new ones the group tells how far it came. */
  async #progressOf(places: readonly Place[]): Promise<readonly PartitionProgress[]> {
    const fresh = places.filter((place) => this.#dispatcher.find(placeName(place)) === undefined);
    const [committed, first, end] = await this.#client.ask(async (cluster) =>
      fresh.length === 0
        ? [new Map(), new Map(), new Map()]
        : Promise.all([
            committedOffsets(cluster, this.#options.groupId, fresh),
            offsetsAt(cluster, fresh, earliest),
            offsetsAt(cluster, fresh, latest),
          ]),
    );
    return places.map((place) => {
      const name = placeName(place);
      const going = this.#dispatcher.find(name);
      if (going !== undefined) return going;
      const known = committed.get(name);
      const lowest = first.get(name) ?? 0;
      const offset = known !== undefined && known.offset >= 0 ? known.offset : (this.#options.start(place) ?? lowest);
      const progress = new PartitionProgress(
        place,
        Math.max(offset, lowest),
        decodeNote(offset, known?.metadata ?? ''),
      );
      progress.end = end.get(name) ?? progress.position;
      return progress;
    });
  }

  async #beat(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#clock.sleep(this.#client.address.sessionTimeoutMs / 10, signal);
      await this.#member.heartbeat();
    }
  }

  async #fetchFrom(nodeId: number, places: readonly Place[], signal: AbortSignal): Promise<void> {
    const lookAhead = Math.max(lookAheadMin, this.#options.prefetch * 2);
    while (!signal.aborted) {
      const mine = places.flatMap((place) => this.#dispatcher.find(placeName(place)) ?? []);
      const hungry = mine.filter(({ open, bytes }) => open.length < lookAhead && bytes < lookAheadBytesMax);
      if (hungry.length === 0) await new Promise<void>((resolve) => this.#moved.push(resolve));
      // A partition that is full now may soon not be: no long wait without it.
      else await this.#fetch(nodeId, hungry, hungry.length === mine.length ? fetchWaitMs : fetchWaitMs / 10, signal);
    }
  }

  async #fetch(
    nodeId: number,
    partitions: readonly PartitionProgress[],
    waitMs: number,
    signal: AbortSignal,
  ): Promise<void> {
    const node = await this.#client.ask((cluster) => cluster.findBroker({ nodeId }));
    const topics = byTopic(partitions, ({ partition, position }) => ({
      partition,
      fetchOffset: String(position),
      maxBytes: 1_048_576,
    }));
    let answer: Awaited<ReturnType<typeof node.fetch>>;
    try {
      answer = await node.fetch({
        replicaId: -1,
        isolationLevel: readCommitted,
        maxWaitTime: waitMs,
        minBytes: 1,
        maxBytes: 8_388_608,
        topics,
      });
    } catch (error) {
      if (typeOf(error) !== 'OFFSET_OUT_OF_RANGE') throw error;
      return this.#moveIntoRange(partitions);
    }
    if (signal.aborted) return;
    for (const { topicName, partitions: fetched } of answer.responses) {
      for (const one of fetched) this.#add(topicName, one);
    }
    this.#dispatcher.wake();
  }

  #add(topic: string, fetched: Parameters<typeof recordsOf>[0]): void {
    const progress = this.#dispatcher.find(placeName({ topic, partition: fetched.partition }));
    if (progress === undefined) return;
    const { records, next } = recordsOf(fetched, progress.position);
    progress.end = Number(fetched.highWatermark);
    progress.add(records, next, (record) => this.#options.wanted(topic, record));
  }

  /** What a topic keeps has run past us: the oldest that is left comes next. */
  async #moveIntoRange(partitions: readonly PartitionProgress[]): Promise<void> {
    const first = await this.#client.ask((cluster) => offsetsAt(cluster, partitions, earliest));
    const end = await this.#client.ask((cluster) => offsetsAt(cluster, partitions, latest));
    for (const progress of partitions) {
      const lowest = first.get(placeName(progress)) ?? 0;
      const highest = end.get(placeName(progress)) ?? lowest;
      if (progress.position < lowest) progress.add([], lowest, () => false);
      if (progress.position > highest) progress.position = highest;
    }
  }

  #tellFetchers(): void {
    for (const resolve of this.#moved.splice(0)) resolve();
  }
}

function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
