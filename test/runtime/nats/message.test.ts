import { randomBytes } from 'node:crypto';
import { headers as natsHeaders } from '@nats-io/transport-node';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { carriedHeaders, decodeMessage, encodeMessage } from '../../../runtime/brokers/nats/message.js';
import { UsageError } from '../../../runtime/errors.js';

const maxPayload = 1_048_576;

describe('messages of NATS', () => {
  it.each([
    ['plain ones', { 'ce-id': 'e-1', 'X-Case': 'kept', 'x-text': 'a%20b=c;d' }],
    ['an empty one', { 'x-empty': '' }],
    ['blanks at the ends', { 'x-a': ' a ', 'x-b': '\t' }],
    ['line breaks', { 'x-a': 'a\r\nNats-Rollup: all' }],
    ['other alphabets', { 'x-a': 'Grüße 日本 \u{1f600}' }],
    ['names that are no names', { 'a b': '1', 'a:b': '2', '': '3', ü: '4' }],
    [
      'those of the broker',
      { 'Nats-Rollup': 'all', 'nats-msg-id': 'x', 'Sw-Nats-Attempts': '9', 'sw-nats-headers': 'y' },
    ],
    [
      'names of objects',
      JSON.parse('{"__proto__":"a","constructor":"b","hasOwnProperty":"c"}') as Record<string, string>,
    ],
  ])('bring headers as they were sent: %s', (_, headers) => {
    expect(roundTrip(headers)).toEqual(headers);
  });

  it('bring any headers as they were sent', () => {
    const name = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('Nats-Msg-Id', 'ce-id', 'CE-ID', 'Sw-Nats-Delay'),
    );
    fc.assert(
      fc.property(fc.dictionary(name, fc.string({ unit: 'binary' })), (headers) => {
        expect(Object.entries(roundTrip(headers)).sort()).toEqual(Object.entries(headers).sort());
      }),
    );
  });

  it('cannot tell the server what to do', () => {
    const into = natsHeaders();
    encodeMessage(
      { headers: { 'Nats-Rollup': 'all', 'NATS-Expected-Stream': 'x' }, body: new Uint8Array() },
      into,
      maxPayload,
    );
    expect(into.keys().filter((key) => /^nats/i.test(key))).toEqual([]);
  });

  it('leave the attempts of an earlier hand-over behind when they are carried on', () => {
    const from = natsHeaders();
    for (const name of ['Sw-Nats-Attempts', 'Sw-Nats-Delay', 'Sw-Nats-Partition', 'Nats-Msg-Id', 'ce-id'])
      from.set(name, '7');
    expect(carriedHeaders(from, natsHeaders()).keys()).toEqual(['ce-id']);
  });

  it('near the limit are compressed, and leave room for what the dead letters add', () => {
    const body = new Uint8Array(maxPayload - 100);
    const sent = encodeMessage({ headers: {}, body }, natsHeaders(), maxPayload);
    expect(sent.body.length).toBeLessThan(maxPayload - 16_384);
    expect(Buffer.compare(decodeMessage(sent.headers, sent.body).body, body)).toBe(0);
  });

  it('beyond the limit are refused with both sizes', () => {
    const body = randomBytes(maxPayload);
    expect(() => encodeMessage({ headers: {}, body }, natsHeaders(), maxPayload)).toThrow(UsageError);
    expect(() => encodeMessage({ headers: {}, body }, natsHeaders(), maxPayload)).toThrow('takes 1048576 with headers');
  });

  it('of strangers are read, whatever they pretend', () => {
    const strange = natsHeaders();
    strange.set('Sw-Nats-Encoding', 'gzip');
    strange.set('Sw-Nats-Headers', '%zz');
    strange.append('x-two', 'a');
    strange.append('x-two', 'b');
    const body = Buffer.from('not compressed');
    expect(decodeMessage(strange, body)).toEqual({ headers: { 'x-two': 'a, b' }, body: new Uint8Array(body) });
    strange.set('Sw-Nats-Headers', '{"a":1}');
    expect(decodeMessage(strange, body).headers).toEqual({ 'x-two': 'a, b' });
    expect(decodeMessage(undefined, body).headers).toEqual({});
  });

  it('give each consumer bytes of its own', () => {
    const stored = Buffer.from('text');
    decodeMessage(undefined, stored).body.fill(0);
    expect(stored.toString()).toBe('text');
  });
});

function roundTrip(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const sent = encodeMessage({ headers, body: new Uint8Array() }, natsHeaders(), maxPayload);
  // Through the text of the protocol: the driver trims and splits there.
  const wire = sent.headers as unknown as {
    encode(): Uint8Array;
    constructor: { decode(bytes: Uint8Array): typeof sent.headers };
  };
  const encoded = sent.headers.keys().length === 0 ? sent.headers : wire.constructor.decode(wire.encode());
  return decodeMessage(encoded, sent.body).headers;
}
