import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../harness/virtual-clock.js';
import type { Delivery } from '../../../runtime/brokers/broker.js';
import { type DispatcherOptions, KafkaDispatcher } from '../../../runtime/brokers/kafka/dispatcher.js';
import { decodeNote } from '../../../runtime/brokers/kafka/offset-note.js';
import { type Commit, type Entry, PartitionProgress } from '../../../runtime/brokers/kafka/partition-progress.js';
import type { StoredRecord } from '../../../runtime/brokers/kafka/record.js';
import { UnavailableError } from '../../../runtime/errors.js';

describe('handing out messages of Kafka', () => {
  it('tells the group of a hand-over before it takes place', async () => {
    const world = dispatching();
    let goOn = () => {};
    world.commit = () => new Promise((resolve) => (goOn = resolve));
    world.assign(partition(0, ['a', 'b']));
    await world.settle();
    expect(world.seen).toEqual([]);
    goOn();
    await world.settle();
    expect(world.seen).toEqual(['a', 'b']);
  });

  it('hands nothing out that it could not tell the group of, and counts it when it does', async () => {
    const world = dispatching();
    world.commit = () => Promise.reject(new Error('rebalancing'));
    const mine = partition(0, ['a']);
    world.assign(mine);
    await world.settle();
    expect([world.seen, world.cutOff]).toEqual([[], 1]);
    world.commit = undefined;
    world.dispatcher.resume([mine]);
    await world.settle();
    expect(world.deliveries.map(({ attempt }) => attempt)).toEqual([1]);
  });

  it('resolves an acknowledgement when the group knows of it', async () => {
    const world = dispatching();
    world.assign(partition(0, ['a', 'b']));
    await world.settle();
    await world.deliveries[1]?.ack();
    expect(world.committed.at(-1)).toMatchObject({ offset: 0, metadata: '1 0=1 1' });
    await world.deliveries[0]?.ack();
    expect(world.committed.at(-1)).toMatchObject({ offset: 2, metadata: '1' });
  });

  it('rejects an acknowledgement whose partition went before the group knew of it', async () => {
    const world = dispatching();
    world.assign(partition(0, ['a']));
    await world.settle();
    world.commit = () => Promise.reject(new Error('rebalancing'));
    const acknowledged = world.deliveries[0]?.ack();
    await world.settle();
    world.commit = undefined;
    world.dispatcher.resume([]);
    await expect(acknowledged).rejects.toBeInstanceOf(UnavailableError);
  });

  it('ignores what is settled after the partition went to somebody else', async () => {
    const world = dispatching();
    world.assign(partition(0, ['a', 'b', 'c']));
    await world.settle();
    world.dispatcher.resume([]);
    const before = world.committed.length;
    await world.deliveries[0]?.ack();
    await world.deliveries[1]?.deadLetter({});
    await world.deliveries[2]?.retry(50);
    expect([world.committed.length, world.buried, world.retried]).toEqual([before, [], 0]);
  });

  it('goes on with the messages of a partition that stays', async () => {
    const world = dispatching();
    const mine = partition(0, ['a', 'b']);
    world.assign(mine);
    await world.settle();
    world.dispatcher.resume([mine, partition(1, ['c'])]);
    await world.settle();
    expect(world.seen).toEqual(['a', 'b', 'c']);
    await world.deliveries[0]?.ack();
    expect(world.committed.at(-1)).toMatchObject({ partition: 0, offset: 1 });
  });

  it('hands out one message of a key at a time, in order, whatever else waits', async () => {
    const world = dispatching();
    world.assign(partition(0, ['k:1', 'k:2', 'other:1', 'k:3']));
    await world.settle();
    expect(world.seen).toEqual(['k:1', 'other:1']);
    await world.deliveries[0]?.ack();
    await world.settle();
    expect(world.seen).toEqual(['k:1', 'other:1', 'k:2']);
  });

  it('keeps a key back while its failed message waits to be handed out again', async () => {
    const world = dispatching();
    world.receive = (delivery) =>
      delivery.attempt === 1 && textOf(delivery) === 'k:1' ? Promise.reject(new Error('died')) : delivery.ack();
    world.assign(partition(0, ['k:1', 'k:2']));
    await world.settle();
    expect(world.seen).toEqual(['k:1']);
    await world.clock.advance(20);
    expect(world.seen).toEqual(['k:1', 'k:1', 'k:2']);
  });

  it('buries a message that its consumers did not survive often enough, and hands out none of it', async () => {
    const world = dispatching({ maxDeliveries: 3 });
    world.assign(partition(0, ['a', 'b'], '1 0=3 1=2'));
    await world.settle();
    expect(world.buried).toEqual([['a', { 'sw-reason': 'delivery-limit', 'sw-queue': 'q', 'sw-attempts': '3' }]]);
    expect(world.deliveries.map((delivery) => [textOf(delivery), delivery.attempt])).toEqual([['b', 3]]);
  });

  it('buries what nobody took in time', async () => {
    const world = dispatching({ messageTtlMs: 1_000 });
    await world.clock.advance(5_000);
    world.assign(partition(0, ['old']));
    await world.settle();
    expect(world.buried[0]?.[1]).toMatchObject({ 'sw-reason': 'expired' });
    expect(world.seen).toEqual([]);
  });

  it('tries a burial again that failed', async () => {
    const world = dispatching({ maxDeliveries: 1 });
    world.refuseBurials = 2;
    world.assign(partition(0, ['a'], '1 0=1'));
    await world.clock.advance(100);
    expect([world.buried.length, world.seen]).toEqual([1, []]);
    expect(world.committed.at(-1)).toMatchObject({ offset: 1 });
  });

  it('waits for a backlog that may hold older messages, but not for ever', async () => {
    const world = dispatching();
    const late = partition(1, ['x']);
    const slow = new PartitionProgress({ topic: 't', partition: 0 }, 0, decodeNote(0, ''));
    slow.end = 2;
    world.assign(late, slow);
    await world.settle();
    expect(world.seen).toEqual([]);
    slow.add([record(0, 'older', -5)], 1, () => true);
    world.dispatcher.wake();
    await world.settle();
    expect(world.seen).toEqual(['older']);
    await world.clock.advance(3_100);
    expect(world.seen).toEqual(['older', 'x']);
  });

  it('looks past a long row of messages of one key', async () => {
    const world = dispatching({ prefetch: 2 });
    world.assign(partition(0, ['k:1', 'k:2', 'k:3', 'k:4', 'other:1']));
    await world.settle();
    expect(world.seen).toEqual(['k:1', 'other:1']);
  });

  it('takes nothing new while it drains', async () => {
    const world = dispatching({ prefetch: 1 });
    const mine = partition(0, ['a', 'b']);
    world.assign(mine);
    await world.settle();
    let drained = false;
    void world.dispatcher.drain().then(() => {
      drained = true;
    });
    await world.settle();
    expect(drained).toBe(false);
    await world.deliveries[0]?.ack();
    await world.settle();
    expect([drained, world.seen]).toEqual([true, ['a']]);
  });
});

function dispatching(options: Partial<DispatcherOptions> = {}) {
  const clock = new VirtualClock();
  const world = {
    clock,
    deliveries: [] as Delivery[],
    committed: [] as Commit[],
    buried: [] as (readonly [string, Readonly<Record<string, string>>])[],
    cutOff: 0,
    retried: 0,
    refuseBurials: 0,
    commit: undefined as (() => Promise<void>) | undefined,
    receive: undefined as ((delivery: Delivery) => Promise<void>) | undefined,
    get seen() {
      return world.deliveries.map(textOf);
    },
    assign: (...mine: PartitionProgress[]) => dispatcher.resume(mine),
    settle: () => clock.advance(0),
    get dispatcher() {
      return dispatcher;
    },
  };
  const dispatcher = new KafkaDispatcher({
    queue: 'q',
    prefetch: 10,
    maxDeliveries: 5,
    messageTtlMs: undefined,
    clock,
    rank: () => 0,
    stepMs: () => undefined,
    receive: async (delivery) => {
      world.deliveries.push(delivery);
      await world.receive?.(delivery);
    },
    commit: async (commits) => {
      await world.commit?.();
      world.committed.push(...commits);
    },
    bury: async (entry: Entry, headers) => {
      if (world.refuseBurials-- > 0) throw new UnavailableError('the cluster');
      world.buried.push([new TextDecoder().decode(entry.record.message?.body), headers]);
    },
    retry: async () => void world.retried++,
    cutOff: () => world.cutOff++,
    moved: () => {},
    ...options,
  });
  return world;
}

/** `k:1` is a message of the key `k`. */
function partition(number: number, texts: readonly string[], note = ''): PartitionProgress {
  const progress = new PartitionProgress({ topic: 't', partition: number }, 0, decodeNote(0, note));
  progress.add(
    texts.map((text, offset) => record(offset, text, offset)),
    texts.length,
    () => true,
  );
  return progress;
}

function record(offset: number, text: string, timestampMs: number): StoredRecord {
  return {
    offset,
    timestampMs,
    key: text.includes(':') ? (text.split(':')[0] ?? null) : null,
    message: { headers: {}, body: new TextEncoder().encode(text) },
    routingKey: '',
    attempts: 0,
    dueMs: 0,
    partitionKey: null,
  };
}

function textOf(delivery: Delivery): string {
  return new TextDecoder().decode(delivery.message.body);
}
