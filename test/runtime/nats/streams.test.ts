import { describe, expect, it } from 'vitest';
import type { Topology } from '../../../runtime/brokers/broker.js';
import { natsStreams } from '../../../runtime/brokers/nats/streams.js';

const topology: Topology = {
  exchanges: [{ name: 'shop.events', kind: 'topic' }],
  queues: [
    queue('depot', 1, ['order.*', 'order.*', 'user.#']),
    { ...queue('pay', 2, []), deadLetter: 'depot.dead', messageTtlMs: 5_000 },
  ],
};

describe('natsStreams', () => {
  const { streams, entries } = natsStreams(topology, { replicas: 3 });

  it('makes one work-queue stream per queue, one for shared dead letters, and the bucket first', () => {
    expect(streams.map(({ config }) => [config.name, config.retention, config.num_replicas])).toEqual([
      ['KV_seamwright', 'limits', 3],
      ['SW_depot', 'workqueue', 3],
      ['SW_pay', 'workqueue', 3],
      ['SW_depot_dead', 'workqueue', 3],
    ]);
  });

  it('gives each partition its subject and its consumer, which takes one at a time when order depends on it', () => {
    const pay = streams.find(({ config }) => config.name === 'SW_pay');
    expect(pay?.config.subjects).toEqual(['sw.queue.pay.0', 'sw.queue.pay.1', 'sw.queue.pay.retry']);
    expect(pay?.consumers.map((one) => [one.durable_name, one.filter_subject, one.max_ack_pending])).toEqual([
      ['partition-0', 'sw.queue.pay.0', 1],
      ['partition-1', 'sw.queue.pay.1', 1],
      ['retry', 'sw.queue.pay.retry', -1],
    ]);
    const depot = streams.find(({ config }) => config.name === 'SW_depot');
    expect(depot?.consumers.map((one) => one.max_ack_pending)).toEqual([-1, -1]);
  });

  it('never lets the server stop handing a message out, and never lets a full stream lose one', () => {
    const consumers = streams.flatMap((stream) => stream.consumers);
    expect(consumers.every((one) => one.max_deliver === -1 && one.ack_policy === 'explicit')).toBe(true);
    expect(streams.every(({ config }) => config.discard === 'new' && config.storage === 'file')).toBe(true);
  });

  it('says bindings and settings in the bucket', () => {
    expect(Object.fromEntries(entries.map(({ key, value }) => [key, value]))).toEqual({
      'exchange.shop_events': { name: 'shop.events', kind: 'topic' },
      'queue.depot': { name: 'depot', partitions: 1, deadLetter: 'depot.dead', maxDeliveries: 5 },
      'queue.pay': { name: 'pay', partitions: 2, deadLetter: 'depot.dead', maxDeliveries: 5, messageTtlMs: 5_000 },
      'queue.depot_dead': { name: 'depot.dead', partitions: 1 },
      'binding.shop_events.depot': {
        exchange: 'shop.events',
        kind: 'topic',
        queue: 'depot',
        partitions: 1,
        keys: ['order.*', 'user.#'],
      },
    });
  });

  it('keeps a dead-letter queue as it is declared when it is a queue of its own', () => {
    const own = { ...queue('depot.dead', 3, []), deadLetter: 'last' };
    const streamsThen = natsStreams({ ...topology, queues: [...topology.queues, own] }).streams;
    const dead = streamsThen.filter(({ config }) => config.name === 'SW_depot_dead');
    expect(dead.map(({ config }) => config.subjects.length)).toEqual([4]);
  });
});

function queue(name: string, partitions: number, keys: readonly string[]): Topology['queues'][number] {
  const bindings = keys.map((key) => ({ exchange: 'shop.events', key }));
  return { name, service: name, bindings, deadLetter: `${name}.dead`, maxDeliveries: 5, partitions };
}
