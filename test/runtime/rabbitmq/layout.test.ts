import { describe, expect, it } from 'vitest';
import type { Queue } from '../../../runtime/brokers/broker.js';
import { rabbitmqDefinitions } from '../../../runtime/brokers/rabbitmq/definitions.js';
import { layoutOf } from '../../../runtime/brokers/rabbitmq/layout.js';
import { contradictionOf } from '../../../runtime/brokers/rabbitmq/precondition.js';
import { UsageError } from '../../../runtime/errors.js';

const queue: Queue = {
  ...{ name: 'sales.events', service: 'sales', deadLetter: 'sales.dead', maxDeliveries: 4, partitions: 1 },
  bindings: [{ exchange: 'people.events', key: 'employee.*' }],
  retries: [{ name: 'sales.events.retry.5s', delayMs: 5_000 }],
};
const exchanges = [{ name: 'people.events', kind: 'topic' as const }];
const layoutWith = (settings: Partial<Queue>) => layoutOf({ exchanges, queues: [{ ...queue, ...settings }] });
const argumentsOf = (settings: Partial<Queue>, name: string) =>
  layoutWith(settings).queues.find((one) => one.name === name)?.arguments;

const keeps = {
  ...{ 'x-queue-type': 'quorum', 'x-dead-letter-exchange': '', 'x-dead-letter-strategy': 'at-least-once' },
  'x-overflow': 'reject-publish',
};

describe('a queue in RabbitMQ', () => {
  it('is a quorum queue that dead-letters what it has handed over often enough', () => {
    expect(argumentsOf({}, 'sales.events')).toEqual({
      ...{ ...keeps, 'x-dead-letter-routing-key': 'sales.dead', 'x-delivery-limit': 3 },
    });
  });

  it('has wait queues that lead back to itself, never to the exchange of the event', () => {
    expect(argumentsOf({}, 'sales.events.retry.5s')).toEqual({
      ...{ ...keeps, 'x-dead-letter-routing-key': 'sales.events', 'x-message-ttl': 5_000 },
    });
    const { retries: _, ...usual } = queue;
    const names = layoutOf({ exchanges, queues: [usual] }).queues.map(({ name }) => name);
    expect(names.filter((name) => name.includes('retry'))).toEqual([
      ...['1s', '5s', '30s', '2m', '10m'].map((step) => `sales.events.retry.${step}`),
    ]);
  });

  it('has dead letters that no number of looks destroys', () => {
    expect(argumentsOf({}, 'sales.dead')).toEqual({ 'x-queue-type': 'quorum', 'x-delivery-limit': 2_147_483_647 });
  });

  it('may be classic, with priorities and an age', () => {
    expect(argumentsOf({ type: 'classic', priorityMax: 5, messageTtlMs: 60_000 }, 'sales.events')).toEqual({
      ...{ 'x-queue-type': 'classic', 'x-max-priority': 5, 'x-message-ttl': 60_000 },
      ...{ 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'sales.dead' },
    });
    // Quorum queues know no priorities.
    expect(argumentsOf({ priorityMax: 5, messageTtlMs: 60_000 }, 'sales.events')).toEqual({
      ...{ ...keeps, 'x-dead-letter-routing-key': 'sales.dead', 'x-delivery-limit': 3, 'x-message-ttl': 60_000 },
    });
  });

  it('may have an exchange that leads to the dead letters', () => {
    const layout = layoutWith({ deadLetterExchange: 'sales.dlx' });
    expect(layout.exchanges).toContainEqual({ name: 'sales.dlx', type: 'direct', arguments: {} });
    expect(layout.bindings).toContainEqual({
      ...{ source: 'sales.dlx', destination: 'sales.dead', destinationType: 'queue', key: 'sales.dead' },
    });
    expect(argumentsOf({ deadLetterExchange: 'sales.dlx' }, 'sales.events')).toMatchObject({
      ...{ 'x-dead-letter-exchange': 'sales.dlx', 'x-dead-letter-routing-key': 'sales.dead' },
    });
  });

  it('is spread over partitions by an exchange of its name', () => {
    const layout = layoutWith({ partitions: 2 });
    expect(layout.exchanges).toContainEqual({
      ...{ name: 'sales.events', type: 'x-consistent-hash', arguments: { 'hash-header': 'ce-partitionkey' } },
    });
    expect(layout.bindings).toEqual([
      { source: 'sales.events', destination: 'sales.events.p1', destinationType: 'queue', key: '1' },
      { source: 'sales.events', destination: 'sales.events.p2', destinationType: 'queue', key: '1' },
      { source: 'people.events', destination: 'sales.events', destinationType: 'exchange', key: 'employee.*' },
    ]);
    expect(argumentsOf({ partitions: 2 }, 'sales.events.p2')).toMatchObject({ 'x-single-active-consumer': true });
    // Back to the same partition: the header goes along.
    expect(argumentsOf({ partitions: 2 }, 'sales.events.retry.5s')).toMatchObject({
      ...{ 'x-dead-letter-exchange': 'sales.events', 'x-dead-letter-routing-key': 'sales.events' },
    });
  });

  it.each([
    ['a name too long', { name: 'ü'.repeat(128) }, 'longer than 255 bytes'],
    ['no name', { name: '' }, 'the queue without a name'],
    ['no delivery', { maxDeliveries: 0 }, 'at least 1 partition and 1 delivery'],
    ['a binding to nothing', { bindings: [{ exchange: '', key: 'k' }] }, 'the exchange without a name'],
    ['dead letters in itself', { deadLetter: 'sales.events' }, 'declared twice, with different settings'],
  ])('is refused with %s', (_, settings, says) => {
    expect(() => layoutWith(settings)).toThrow(UsageError);
    expect(() => layoutWith(settings)).toThrow(says);
  });

  it('shares dead letters with another one', () => {
    const other = { ...queue, name: 'other', retries: [] };
    const names = layoutOf({ exchanges, queues: [queue, other] }).queues.map(({ name }) => name);
    expect(names).toEqual(['sales.dead', 'sales.events', 'sales.events.retry.5s', 'other']);
  });
});

it('a definitions file says the same, of one virtual host', () => {
  const definitions = rabbitmqDefinitions({ exchanges, queues: [queue] }, { vhost: 'shop' });
  expect(definitions.exchanges).toEqual([
    {
      ...{ name: 'people.events', vhost: 'shop', type: 'topic', durable: true, auto_delete: false, internal: false },
      arguments: {},
    },
  ]);
  expect(definitions.vhosts).toEqual([{ name: 'shop' }]);
  expect(definitions.queues.map(({ name, arguments: args }) => ({ name, arguments: args }))).toEqual(
    layoutWith({}).queues,
  );
  expect(definitions.bindings).toEqual([
    {
      ...{ source: 'people.events', vhost: 'shop', destination: 'sales.events', destination_type: 'queue' },
      ...{ routing_key: 'employee.*', arguments: {} },
    },
  ]);
});

describe('a refused declaration', () => {
  const refusal = (wanted: string, present: string) =>
    `Operation failed: QueueDeclare; 406 (PRECONDITION-FAILED) with message "PRECONDITION_FAILED - inequivalent arg 'x-message-ttl' for queue 'it''s' in vhost '/': received ${wanted} but current is ${present}"`;

  it.each([
    ["the value '3' of type 'byte'", 'none', 'not set, the contracts say "3"'],
    ['none', "the value '5' of type 'long'", '"5", the contracts say not set'],
    ["'classic'", "'quorum'", '"quorum", the contracts say "classic"'],
  ])('received %s but is %s', (wanted, present, says) => {
    const { detail, command } = contradictionOf(refusal(wanted, present), 'queue', "it's", 'my host');
    expect(detail).toBe(`queue "it's" has "x-message-ttl" ${says}`);
    expect(command).toBe(`drain it, then run: rabbitmqctl delete_queue 'it'\\''s' --if-empty --vhost 'my host'`);
  });

  it('is passed on when it reads otherwise', () => {
    const { detail } = contradictionOf('406 with message "PRECONDITION_FAILED - something new"', 'exchange', 'e', '/');
    expect(detail).toBe('exchange "e" cannot be declared: something new');
  });
});
