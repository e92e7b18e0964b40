import type { MessageProperties } from 'amqplib';
import { describe, expect, it } from 'vitest';
import { readDeadHeaders, triesOf } from '../../../runtime/brokers/rabbitmq/death.js';
import { readHeaders, toProperties, toPropertiesAgain } from '../../../runtime/brokers/rabbitmq/properties.js';
import { encode } from '../../../runtime/wire.js';

const body = new Uint8Array();

describe('what is published', () => {
  it('says in standard properties what they have a place for', () => {
    const wire = encode({
      ...{ id: 'm 1', source: 'people', type: 'Hired', time: '2026-01-01T00:00:01.5Z', correlationid: 'c1', data: {} },
    });
    expect(toProperties(wire, { priority: 300 })).toEqual({
      ...{ persistent: true, mandatory: true, headers: wire.headers, contentType: 'application/json' },
      ...{ messageId: 'm%201', correlationId: 'c1', type: 'Hired', timestamp: 1_767_225_601, priority: 255 },
    });
  });

  it('carries the partition key as an attribute of CloudEvents, and leaves one that is there', () => {
    expect(toProperties({ headers: { a: '1' }, body }, { partitionKey: 'k 1' }).headers).toEqual({
      ...{ a: '1', 'ce-partitionkey': 'k%201' },
    });
    const keyed = { 'ce-partitionkey': 'mine' };
    expect(toProperties({ headers: keyed, body }, { partitionKey: 'k 1' }).headers).toEqual(keyed);
  });

  it('leaves out headers by which the server would do something, and our own', () => {
    const headers = { CC: 'x', BCC: 'y', 'x-death': 'z', 'x-sw-tries': '3', 'x-text': 'stays' };
    expect(toProperties({ headers, body }).headers).toEqual({ 'x-text': 'stays' });
  });

  it('leaves out a property that is longer than AMQP allows, of which the header is whole', () => {
    const long = 'ü'.repeat(200);
    const properties = toProperties({ headers: { 'ce-id': long }, body });
    expect([properties.messageId, properties.headers['ce-id']]).toEqual([undefined, long]);
  });
});

describe('what is read', () => {
  it('is text, whatever a foreign producer sent', () => {
    const headers = {
      ...{ text: 'a', number: 1.5, flag: true, none: null, bytes: Buffer.from('hé') },
      at: { '!': 'timestamp', value: 1_767_225_600 },
      price: { '!': 'decimal', value: { places: 2, digits: 5 } },
      whole: { '!': 'decimal', value: { places: 0, digits: 5 } },
      table: { list: [1, 'x', Buffer.from('y')] },
      ...{ 'x-death': [{}], 'x-delivery-count': 3, 'x-first-death-queue': 'q', 'x-sw-tries': 2, CC: ['q'] },
    };
    const properties = { headers, contentType: 'application/json', messageId: 'm1', timestamp: 1_767_225_600 };
    expect(
      readHeaders({ ...properties, type: 'Hired', appId: 'hr', correlationId: 'c1' } as unknown as MessageProperties),
    ).toEqual({
      ...{ text: 'a', number: '1.5', flag: 'true', bytes: 'hé', at: '2026-01-01T00:00:00.000Z' },
      ...{ price: '0.05', whole: '5', table: '{"list":[1,"x","y"]}' },
      ...{ 'content-type': 'application/json', 'message-id': 'm1', 'correlation-id': 'c1' },
      ...{ type: 'Hired', 'app-id': 'hr', timestamp: '2026-01-01T00:00:00.000Z' },
    });
  });

  it('knows attributes of CloudEvents by their AMQP names, after those of ours', () => {
    const headers = { 'cloudEvents:id': 'e1', cloudEvents_source: 'hr', 'ce-source': 'people' };
    expect(readHeaders({ headers } as unknown as MessageProperties)).toMatchObject({
      ...{ 'ce-id': 'e1', 'ce-source': 'people' },
    });
  });

  it('is nothing more than its headers for a message of ours', () => {
    const headers = { 'ce-id': 'm1', 'content-type': 'application/json' };
    const properties = { headers, contentType: 'text/plain', messageId: 'm1', type: 'Hired' };
    expect(readHeaders(properties as unknown as MessageProperties)).toEqual(headers);
  });
});

it('what is sent on keeps headers as they were, and nothing that would work by itself', () => {
  const headers = { text: 'a', n: 1, CC: ['q'], 'x-death': [{}], 'x-delivery-count': 2, 'x-sw-wait': 9 };
  const properties = { headers, userId: 'somebody', expiration: '10', priority: 3, contentType: 'text/plain' };
  expect(toPropertiesAgain(properties as unknown as MessageProperties, { 'x-sw-tries': 1 })).toEqual({
    ...{ persistent: true, mandatory: true, priority: 3, contentType: 'text/plain' },
    headers: { text: 'a', n: 1, 'x-sw-tries': 1 },
  });
});

describe('a dead letter of the server', () => {
  const queue = {
    ...{ name: 'work', service: 's', bindings: [], deadLetter: 'dead', maxDeliveries: 4, partitions: 2 },
  };
  const died = (reason: string, from: string, more: object = {}) =>
    ({ headers: { 'ce-id': 'm1', 'x-death': [{ reason, queue: from }], ...more } }) as unknown as MessageProperties;

  it('says why, where and after how many hand-overs', () => {
    expect(readDeadHeaders(died('delivery_limit', 'work.p2'), [queue])).toEqual({
      ...{ 'ce-id': 'm1', 'sw-reason': 'delivery-limit', 'sw-queue': 'work', 'sw-attempts': '4' },
    });
    const tried = { 'x-sw-tries': 2, 'x-sw-queue': 'work' };
    expect(readDeadHeaders(died('expired', 'work.p1', tried), [queue])).toEqual({
      ...{ 'ce-id': 'm1', 'sw-reason': 'expired', 'sw-queue': 'work', 'sw-attempts': '2' },
    });
  });

  it('says of an unknown queue what is known, and of a consumer what that said', () => {
    expect(readDeadHeaders(died('rejected', 'other'), [queue])).toEqual({
      ...{ 'ce-id': 'm1', 'sw-reason': 'rejected', 'sw-queue': 'other' },
    });
    const said = { 'sw-reason': 'schema-invalid' };
    expect(readDeadHeaders(died('expired', 'work.p1', said), [queue])).toEqual({ 'ce-id': 'm1', ...said });
  });
});

it('tries count in the queue that counted them, and nowhere else', () => {
  const properties = { headers: { 'x-sw-tries': 3, 'x-sw-queue': 'work' } } as unknown as MessageProperties;
  expect([triesOf(properties, 'work'), triesOf(properties, 'dead'), triesOf(properties, undefined)]).toEqual([3, 0, 0]);
  const forged = { headers: { 'x-sw-tries': 'many', 'x-sw-queue': 'work' } } as unknown as MessageProperties;
  expect(triesOf(forged, 'work')).toBe(0);
});
