import { systemRandom } from '../../clock.js';
import type { WireMessage } from '../../envelope.js';
import type { KafkaClient } from './client.js';
import { earliest, latest, offsetsAt, placeName, readLog } from './log-reader.js';
import type { Entry } from './partition-progress.js';
import type { KafkaPublisher } from './publisher.js';
import { letterRecord, type NewRecord } from './record.js';
import { namedTopic } from './topic-name.js';

/** A dead letter and the key that it can be removed by. */
export interface Letter {
  readonly id: string;
  readonly message: WireMessage;
}

/**
 * The dead letters of one name: a compacted topic, in which each letter has a key of its own and a record without a value removes it. A log cannot lose
 * single records otherwise; reading folds it, and Kafka takes away in time what was removed.
 */
export class KafkaLetters {
  readonly #client: KafkaClient;
  readonly #publisher: KafkaPublisher;
  readonly #topic: string;

  constructor(client: KafkaClient, publisher: KafkaPublisher, deadLetter: string) {
    this.#client = client;
    this.#publisher = publisher;
    this.#topic = namedTopic(deadLetter);
  }

  /** The id names the record that it came from: a crash after the writing and before the commit writes the same letter again, not a second one. */
  async add(entry: Entry, headers: Readonly<Record<string, string>>): Promise<void> {
    const { progress, record } = entry;
    const id = `${placeName(progress)}/${record.offset}`;
    await this.#publisher.send(this.#topic, letterRecord(id, record, headers), letterPartition);
  }

  /** A message that somebody sends to the dead letters by their name. */
  async publish(record: NewRecord): Promise<void> {
    await this.#publisher.send(this.#topic, { ...record, key: systemRandom.uuid() }, letterPartition);
  }

  async remove(id: string): Promise<void> {
    await this.#publisher.send(this.#topic, { key: id, value: null, headers: {} }, letterPartition);
  }

  /** Letters that are there, oldest first. Reads the whole topic. */
  async all(): Promise<readonly Letter[]> {
    return (await this.fold()).letters;
  }

  /** The same, and the offset up to which the topic has been read. */
  async fold(): Promise<{ readonly letters: readonly Letter[]; readonly end: number }> {
    const place = { topic: this.#topic, partition: letterPartition };
    const [from, to] = await this.#client.ask(async (cluster) => {
      const topics = (await cluster.metadata()).topicMetadata;
      if (!topics.some(({ topic }) => topic === this.#topic)) return [0, 0];
      const at = async (when: typeof earliest | typeof latest) =>
        (await offsetsAt(cluster, [place], when)).get(placeName(place)) ?? 0;
      return [await at(earliest), await at(latest)];
    });
    const letters = new Map<string, WireMessage>();
    await readLog(this.#client, place, { from, to }, ({ key, message, offset }) => {
      const id = key ?? String(offset);
      if (message === null) letters.delete(id);
      else letters.set(id, message);
      return 'go on';
    });
    return { letters: [...letters].map(([id, message]) => ({ id, message })), end: to };
  }
}

/** One order for all letters, also in a topic that somebody made with more partitions. */
const letterPartition = 0;
