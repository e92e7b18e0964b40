import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Queue, Topology } from '../../../runtime/brokers/broker.js';
import { exchangeTopic, ownTopic } from '../../../runtime/brokers/kafka/topic-name.js';
import { kafkaTopics } from '../../../runtime/brokers/kafka/topics.js';
import { UsageError } from '../../../runtime/errors.js';

const legal = /^[a-zA-Z0-9._-]{1,249}$/;

describe('names of topics', () => {
  it('are the names of exchanges where Kafka takes those', () => {
    expect(exchangeTopic('sales.invoice_events-v1')).toBe('sales.invoice_events-v1');
    expect(ownTopic('billing')).toBe('billing.queue');
  });

  it.each(['', '.', '..', 'ä ö', "'; rm -rf /", 'a/b', '\u0000', 'x'.repeat(400), 'a\nb'])(
    'are legal for %j',
    (name) => {
      expect(exchangeTopic(name)).toMatch(legal);
      expect(ownTopic(name)).toMatch(legal);
      expect(['.', '..']).not.toContain(exchangeTopic(name));
    },
  );

  it('are legal and differ where names differ', () => {
    const text = fc.string({ unit: 'binary', maxLength: 300 });
    fc.assert(
      fc.property(text, text, (one, other) => {
        fc.pre(one !== other);
        const names = [exchangeTopic(one), exchangeTopic(other), ownTopic(one), ownTopic(other)];
        expect(new Set(names).size).toBe(4);
        for (const name of names) expect(name).toMatch(legal);
      }),
    );
  });

  it('differ even where one name is the topic of another', () => {
    expect(exchangeTopic(exchangeTopic('ä'))).not.toBe(exchangeTopic('ä'));
  });

  it('of an exchange never meet those of a queue', () => {
    expect(exchangeTopic('billing.queue')).not.toBe(ownTopic('billing'));
    expect(exchangeTopic('seamwright.topology')).not.toBe('seamwright.topology');
  });
});

describe('topics of a topology', () => {
  it('are those of exchanges, queues, retry steps, dead letters and of the topology itself', () => {
    const topics = kafkaTopics(shop);
    expect(topics.map(({ topic, partitions }) => `${topic} ${partitions}`)).toEqual([
      'billing.dead 1',
      'billing.queue 6',
      'billing.retry.1s 6',
      'billing.retry.5s 6',
      'mail.dead 1',
      'mail.queue 6',
      'seamwright.topology 1',
      'shop.commands 1',
      'shop.events 6',
    ]);
    for (const { why } of topics) expect(why).not.toBe('');
  });

  it('keep dead letters until they are removed, messages for two weeks', () => {
    const config = new Map(kafkaTopics(shop).map((topic) => [topic.topic, topic.config]));
    expect(config.get('billing.dead')?.['cleanup.policy']).toBe('compact');
    expect(config.get('billing.dead')?.['retention.ms']).toBeUndefined();
    expect(config.get('shop.events')).toMatchObject({ 'cleanup.policy': 'delete', 'retention.ms': '1209600000' });
  });

  it('refuse names that Kafka would not hold apart', () => {
    const topology = { exchanges: [exchange('a.b'), exchange('a_b')], queues: [] };
    expect(() => kafkaTopics(topology)).toThrow(UsageError);
    expect(() => kafkaTopics({ exchanges: [exchange('x.dead')], queues: [queue('x', [])] })).toThrow(UsageError);
  });

  it('may serve several queues as their dead letters', () => {
    const queues = ['one', 'two'].map((name) => ({ ...queue(name, []), deadLetter: 'shared.dead' }));
    expect(kafkaTopics({ exchanges: [], queues }).filter(({ topic }) => topic === 'shared.dead')).toHaveLength(1);
  });
});

const shop: Topology = {
  exchanges: [exchange('shop.events'), exchange('shop.commands')],
  queues: [
    {
      ...queue('billing', ['shop.events']),
      partitions: 6,
      retries: [
        { name: 'billing.retry.1s', delayMs: 1_000 },
        { name: 'billing.retry.5s', delayMs: 5_000 },
      ],
    },
    { ...queue('mail', ['shop.events', 'shop.commands']), retries: [] },
  ],
};

function exchange(name: string) {
  return { name, kind: 'topic' as const };
}

function queue(name: string, exchanges: readonly string[]): Queue {
  return {
    name,
    service: 'shop',
    bindings: exchanges.map((from) => ({ exchange: from, key: '#' })),
    deadLetter: `${name}.dead`,
    maxDeliveries: 5,
    partitions: 1,
  };
}
