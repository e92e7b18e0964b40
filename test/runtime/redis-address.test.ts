import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redisAddress } from '../../runtime/brokers/redis/address.js';
import { framed, headersText, messageOf, unframed } from '../../runtime/brokers/redis/entry.js';
import { redisKeys } from '../../runtime/brokers/redis.js';
import { UsageError } from '../../runtime/errors.js';

describe('the URL of a Redis broker', () => {
  it.each([
    ['redis://localhost', { host: 'localhost', port: 6379, db: 0, tls: false, prefix: 'seamwright', leaseMs: 10_000 }],
    ['rediss://h:1/3', { host: 'h', port: 1, db: 3, tls: true, prefix: 'seamwright', leaseMs: 10_000 }],
    [
      'redis://us%40er:p%2Fw%3A@[::1]:2/?prefix=shop-1&leaseMs=500',
      { host: '::1', port: 2, username: 'us@er', password: 'p/w:', db: 0, tls: false, prefix: 'shop-1', leaseMs: 500 },
    ],
    [
      'redis://:pw@h',
      { host: 'h', port: 6379, password: 'pw', db: 0, tls: false, prefix: 'seamwright', leaseMs: 10_000 },
    ],
  ])('reads %s', (url, address) => {
    expect(redisAddress(url)).toEqual(address);
  });

  it.each([
    'redis:',
    'redis://',
    'redis://user:s3cret@',
    'redis://user:s3cret@host:port',
    'redis://user:s3cret@host/first',
    'redis://user:s3cret@host/1/2',
    'redis://user:s3cret%zz@host',
    'redis://user:s3cret@host?prefix=',
    'redis://user:s3cret@host?prefix=a}b',
    'redis://user:s3cret@host?leaseMs=10',
    'redis://user:s3cret@host?leaseMs=-1000',
    'redis://user:s3cret@host?leaseMs=1e9',
    'redis://user:s3cret@host?retryStrategy=none',
  ])('refuses %s and does not repeat the password', (url) => {
    expect(() => redisAddress(url)).toThrow(UsageError);
    expect(() => redisAddress(url)).toThrow(/^(?!.*s3cret)/);
  });
});

describe('messages in Redis', () => {
  const headers = fc.dictionary(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }));
  const body = fc.uint8Array();

  it('come out of a channel as they went in', () => {
    fc.assert(
      fc.property(headers, body, (given, bytes) => {
        const out = unframed(framed({ headers: given, body: bytes }));
        expect({ ...out?.headers }).toEqual({ ...given });
        expect([...(out?.body ?? [])]).toEqual([...bytes]);
      }),
    );
  });

  it('come out of a stream as they went in, with what a script added', () => {
    fc.assert(
      fc.property(headers, body, (given, bytes) => {
        const fields = ['h', headersText(given), 'b', Buffer.from(bytes), 'x', '{"sw-reason":"expired"}'];
        const out = messageOf(fields.map((field) => Buffer.from(field as string)));
        expect({ ...out.headers }).toEqual({ ...given, 'sw-reason': 'expired' });
        expect([...out.body]).toEqual([...bytes]);
      }),
    );
  });

  it('are read without failing, whatever somebody else wrote', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array()), (fields) => {
        const buffers = fields.map((field) => Buffer.from(field));
        expect(messageOf(buffers).headers).toBeTypeOf('object');
        expect(messageOf([Buffer.from('h'), ...buffers]).headers).toBeTypeOf('object');
        for (const buffer of buffers) expect(() => unframed(buffer)).not.toThrow();
      }),
    );
  });
});

it('the keys of a topology share one slot of a cluster and never meet', () => {
  const name = fc.string({ unit: 'binary' });
  const queue = fc.record({
    name,
    service: fc.constant('s'),
    bindings: fc.constant([]),
    deadLetter: name,
    maxDeliveries: fc.constant(1),
    partitions: fc.integer({ min: 1, max: 12 }),
  });
  fc.assert(
    fc.property(fc.uniqueArray(queue, { selector: (one) => one.name }), (queues) => {
      const keys = redisKeys({ exchanges: [], queues }, 'shop');
      expect(keys.every(({ key }) => key.startsWith('{shop}:'))).toBe(true);
      const wanted = new Set(
        queues.flatMap((one) => [
          JSON.stringify([one.deadLetter, 0]),
          ...Array.from({ length: one.partitions }, (_, partition) => JSON.stringify([one.name, partition])),
        ]),
      );
      expect(new Set(keys.map(({ key }) => key)).size).toBe(keys.length);
      expect(keys.filter(({ type }) => type === 'stream').length).toBe(wanted.size);
    }),
  );
});
