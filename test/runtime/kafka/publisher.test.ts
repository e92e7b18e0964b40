import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../harness/virtual-clock.js';
import { kafkaAddress } from '../../../runtime/brokers/kafka/address.js';
import { KafkaClient } from '../../../runtime/brokers/kafka/client.js';
import type { KafkaCluster, KafkaDriver } from '../../../runtime/brokers/kafka/driver.js';
import { KafkaPublisher } from '../../../runtime/brokers/kafka/publisher.js';
import { UnavailableError } from '../../../runtime/errors.js';

interface Produced {
  readonly producer: number;
  readonly partition: number;
  readonly first: number;
  readonly texts: readonly string[];
}

describe('publishing to Kafka', () => {
  it('lets messages of one moment share a request, in order', async () => {
    const { publisher, produced, clock } = publishing();
    await clock.run(Promise.all(['a', 'b', 'c'].map((text) => publisher.send('t', record(text), 0))));
    expect(produced).toEqual([{ producer: 1, partition: 0, first: 0, texts: ['a', 'b', 'c'] }]);
  });

  it('numbers what it sends, and sends the same numbers again after a lost answer', async () => {
    const world = publishing();
    await world.clock.run(world.publisher.send('t', record('a'), 0));
    world.answers.push('lost', 'DUPLICATE_SEQUENCE_NUMBER');
    await world.clock.run(world.publisher.send('t', record('b'), 0));
    await world.clock.run(world.publisher.send('t', record('c'), 0));
    expect(world.produced.map(({ first, texts }) => [first, texts.join()])).toEqual([
      [0, 'a'],
      [1, 'b'],
      [1, 'b'],
      [2, 'c'],
    ]);
  });

  it('begins a new numbering once a message has failed for good', async () => {
    const world = publishing();
    await world.clock.run(world.publisher.send('t', record('a'), 0));
    world.answers.push(...Array.from({ length: 6 }, () => 'lost'));
    await expect(world.clock.run(world.publisher.send('t', record('b'), 0))).rejects.toBeInstanceOf(UnavailableError);
    await world.clock.run(world.publisher.send('t', record('c'), 0));
    expect(world.produced.at(-1)).toEqual({ producer: 2, partition: 0, first: 0, texts: ['c'] });
  });

  it('takes the others along when one message is refused', async () => {
    const world = publishing();
    world.refused = 'huge';
    const sent = ['a', 'huge', 'b'].map((text) => world.publisher.send('t', record(text), 0));
    const ended = await world.clock.run(Promise.allSettled(sent));
    expect(ended.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(world.produced.slice(1).map(({ texts }) => texts.join())).toEqual(['a', 'huge', 'b']);
  });

  it('sends batches of one partition one after the other, and none that is too large together', async () => {
    const { publisher, produced, clock } = publishing();
    const large = 'x'.repeat(300_000);
    await clock.run(Promise.all([1, 2, 3].map(() => publisher.send('t', record(large), 0))));
    expect(produced.map(({ first, texts }) => [first, texts.length])).toEqual([
      [0, 1],
      [1, 1],
      [2, 1],
    ]);
  });

  it('spreads messages without a key over the declared partitions, those of a key by the key', async () => {
    const { publisher, produced, clock } = publishing(2);
    for (const text of ['a', 'b', 'c']) await clock.run(publisher.send('t', record(text)));
    await clock.run(publisher.send('t', { ...record('d'), key: 'k' }));
    expect(produced.map(({ partition }) => partition)).toEqual([0, 1, 0, 3]);
  });
});

function publishing(spread?: number) {
  const clock = new VirtualClock();
  const world = {
    clock,
    produced: [] as Produced[],
    /** How the next requests end, before they succeed. */
    answers: [] as string[],
    refused: undefined as string | undefined,
    get publisher() {
      return publisher;
    },
  };
  let producers = 0;
  const node = {
    initProducerId: async () => ({ producerId: ++producers, producerEpoch: 0 }),
    produce: async (request: {
      producerId: number;
      topicData: { partitions: { partition: number; firstSequence: number; messages: { value: Buffer }[] }[] }[];
    }) => {
      for (const { partition, firstSequence, messages } of request.topicData.flatMap(({ partitions }) => partitions)) {
        const texts = messages.map(({ value }) => value.toString());
        world.produced.push({ producer: request.producerId, partition, first: firstSequence, texts });
        if (world.refused !== undefined && texts.includes(world.refused)) throw protocolError('MESSAGE_TOO_LARGE');
      }
      const answer = world.answers.shift();
      if (answer === 'lost') throw Object.assign(new Error('the connection broke'), { retriable: true });
      if (answer !== undefined) throw protocolError(answer);
    },
  };
  const cluster = {
    connect: async () => {},
    disconnect: async () => {},
    refreshMetadata: async () => {},
    refreshMetadataIfNecessary: async () => {},
    findTopicPartitionMetadata: () => [0, 1, 2, 3].map((partitionId) => ({ partitionId, leader: 1 })),
    findBroker: async () => node,
  } as unknown as KafkaCluster;
  const driver = { cluster: () => cluster, partitionOf: () => 3 } as unknown as KafkaDriver;
  const publisher = new KafkaPublisher(new KafkaClient(driver, kafkaAddress('kafka://a')), clock, () => spread);
  return world;
}

function protocolError(type: string): Error {
  return Object.assign(new Error(type), { type, retriable: false });
}

function record(text: string) {
  return { key: null, value: new TextEncoder().encode(text), headers: {} };
}
