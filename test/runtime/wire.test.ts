import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Envelope, EnvelopeMapping, WireMessage } from '../../runtime/envelope.js';
import { decodeHeaderValue, encodeHeaderValue } from '../../runtime/header-value.js';
import { decode, encode, messageType } from '../../runtime/wire.js';

const plain: Envelope = {
  id: 'm-1',
  source: 'people',
  type: 'EmployeeChanged',
  time: '2026-11-20T10:00:00.123456Z',
  correlationid: 'c-1',
  data: { entityData: { id: 'e1' } },
};

describe('encode', () => {
  it('writes attributes as headers and the payload alone as body', () => {
    const wire = encode({ ...plain, sequence: '9007199254740993', op: 'updated', force: true, subject: 'Ä 1' });
    expect(wire.headers).toEqual({
      'content-type': 'application/json',
      'ce-specversion': '1.0',
      'ce-id': 'm-1',
      'ce-source': 'people',
      'ce-type': 'EmployeeChanged',
      'ce-time': '2026-11-20T10:00:00.123456Z',
      'ce-subject': '%C3%84%201',
      'ce-sequence': '9007199254740993',
      'ce-op': 'updated',
      'ce-correlationid': 'c-1',
      'ce-force': 'true',
    });
    expect(new TextDecoder().decode(wire.body)).toBe('{"entityData":{"id":"e1"}}');
    expect(messageType(wire)).toBe('EmployeeChanged');
  });

  it('is read back as the same envelope', () => {
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 20 });
    const integer = fc.bigInt({ min: 0n, max: 9_223_372_036_854_775_807n }).map(String);
    const envelope = fc.record<Envelope>(
      {
        id: text,
        source: text,
        type: text,
        time: fc.constantFrom('2026-11-20T10:00:00Z', '2026-11-20T10:00:00.123456789+02:00'),
        subject: text,
        dataversion: text,
        partitionkey: text,
        sequence: integer,
        epoch: fc.nat().map(String),
        previoussequence: integer,
        op: fc.constantFrom('created', 'updated', 'deleted', 'snapshot'),
        carries: fc.constantFrom('state', 'delta'),
        correlationid: text,
        causationid: text,
        traceparent: text,
        force: fc.boolean(),
        data: fc.jsonValue(),
      },
      { requiredKeys: ['id', 'source', 'type', 'time', 'correlationid', 'data'] },
    );
    fc.assert(
      fc.property(envelope, (sent) => {
        const wire = encode(sent);
        for (const value of Object.values(wire.headers)) expect(value).toMatch(/^[!-~]*$/);
        // JSON has no negative zero.
        const data: unknown = JSON.parse(JSON.stringify(sent.data));
        expect(decode(wire)).toEqual({ ok: true, envelope: { ...sent, data } });
      }),
    );
  });
});

describe('decode', () => {
  it('lets a message without correlation id start its own, and ignores headers it does not know', () => {
    const { 'ce-correlationid': _, ...headers } = encode(plain).headers;
    const wire = { headers: { ...headers, 'ce-newthing': '1', 'sw-reason': 'conflict' }, body: encode(plain).body };
    expect(decode(wire)).toEqual({ ok: true, envelope: { ...plain, correlationid: 'm-1' } });
  });

  it.each([
    [{ 'ce-id': undefined, 'ce-source': undefined }, '"id" is missing; "source" is missing'],
    [{ 'ce-id': '' }, '"id" cannot be ""'],
    [{ 'ce-time': 'yesterday' }, '"time" cannot be "yesterday"'],
    [{ 'ce-specversion': '0.3' }, '"specversion" is "0.3", not "1.0"'],
    [{ 'ce-sequence': '01' }, '"sequence" cannot be "01"'],
    [{ 'ce-sequence': '-1' }, '"sequence" cannot be "-1"'],
    [{ 'ce-sequence': '9223372036854775808' }, '"sequence" cannot be "9223372036854775808"'],
    [{ 'ce-epoch': '2147483648' }, '"epoch" cannot be "2147483648"'],
    [{ 'ce-op': 'Updated' }, '"op" cannot be "Updated"'],
    [{ 'ce-force': 'yes' }, '"force" cannot be "yes"'],
    [{ 'ce-subject': '%C0%A0' }, '"subject" is not percent-encoded UTF-8'],
    [{ 'content-type': 'application/xml' }, 'content type "application/xml" is not JSON in binary mode'],
    [
      { 'content-type': 'application/cloudevents+json' },
      'content type "application/cloudevents+json" is not JSON in binary mode',
    ],
  ])('refuses headers %j', (changed: Readonly<Record<string, string | undefined>>, problem) => {
    const kept = Object.entries({ ...encode(plain).headers, ...changed }).filter(([, value]) => value !== undefined);
    const headers = Object.fromEntries(kept) as Record<string, string>;
    expect(decode({ headers, body: encode(plain).body })).toEqual({ ok: false, problem });
  });

  it.each([
    ['cut JSON', new TextEncoder().encode('{"a":')],
    ['nothing', new Uint8Array()],
    ['bytes that are not UTF-8', Uint8Array.of(0x22, 0xff, 0x22)],
  ])('refuses a body of %s', (_, body) => {
    expect(decode({ ...encode(plain), body })).toEqual({ ok: false, problem: 'the body is not JSON in UTF-8' });
  });

  it('never throws, whatever comes', () => {
    const noise = fc.record<WireMessage>({
      headers: fc.dictionary(
        fc.constantFrom(
          'content-type',
          'ce-id',
          'ce-source',
          'ce-type',
          'ce-time',
          'ce-epoch',
          'ce-force',
          '__proto__',
        ),
        fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('1', '2026-11-20T10:00:00Z', '"a\\', '%', '"')),
      ),
      body: fc.oneof(
        fc.uint8Array(),
        fc.json().map((text) => new TextEncoder().encode(text)),
      ),
    });
    const mapping = { id: 'a.b', time: '__proto__.x', op: 'op', force: 'constructor', sequence: 'length' };
    fc.assert(
      fc.property(noise, (wire) => {
        expect(typeof decode(wire, mapping).ok).toBe('boolean');
      }),
    );
  });

  describe('with attributes in the body', () => {
    const mapping: EnvelopeMapping = {
      id: 'messageId',
      time: 'createdUtcDate',
      op: 'crudAction',
      force: 'isForceSync',
      sequence: 'meta.version',
      data: 'entityData',
      ops: { created: 'Created', updated: 'Updated', deleted: 'Deleted' },
    };
    const body = {
      messageId: 'b-1',
      createdUtcDate: '2026-11-20T10:00:00.1234567Z',
      crudAction: 'Deleted',
      isForceSync: true,
      meta: { version: 7 },
      entityData: { id: 'e1' },
    };
    const headers = { 'ce-source': 'people', 'ce-type': 'EmployeeChanged' };
    const from = (payload: unknown, more: Readonly<Record<string, string>> = {}) =>
      decode({ headers: { ...headers, ...more }, body: new TextEncoder().encode(JSON.stringify(payload)) }, mapping);

    it('reads what the headers lack', () => {
      expect(from(body)).toEqual({
        ok: true,
        envelope: {
          id: 'b-1',
          source: 'people',
          type: 'EmployeeChanged',
          time: '2026-11-20T10:00:00.1234567Z',
          op: 'deleted',
          force: true,
          sequence: '7',
          correlationid: 'b-1',
          data: body,
        },
      });
    });

    it('believes the headers first', () => {
      const both = from(body, { 'ce-id': 'h-1', 'ce-op': 'snapshot', 'ce-force': 'false' });
      expect(both).toMatchObject({ ok: true, envelope: { id: 'h-1', op: 'snapshot', force: false } });
    });

    it.each([
      [{ crudAction: 'Archived' }, '"crudAction" holds no op'],
      [{ meta: { version: 2 ** 53 } }, '"meta.version" holds no sequence'],
      [{ isForceSync: 'true' }, '"isForceSync" holds no force'],
      [{ messageId: 5.5 }, '"messageId" holds no id; "id" is missing'],
      [{ createdUtcDate: '2026-11-20' }, '"time" cannot be "2026-11-20"'],
      [{ createdUtcDate: null }, '"time" is missing'],
    ])('refuses %j', (changed, problem) => {
      expect(from({ ...body, ...changed })).toEqual({ ok: false, problem });
    });
  });
});

describe('header values', () => {
  it.each([
    ['Euro € 😀', 'Euro%20%E2%82%AC%20%F0%9F%98%80'],
    ['100%', '100%25'],
    ['say "hi"', 'say%20%22hi%22'],
    ['\n\u007f', '%0A%7F'],
    ["a-z_0~!#$&'()*+,/:;=?@[]", "a-z_0~!#$&'()*+,/:;=?@[]"],
  ])('%j travels as %s', (text, value) => {
    expect([encodeHeaderValue(text), decodeHeaderValue(value)]).toEqual([value, text]);
  });

  it('quoted values of older producers are unquoted before they are decoded', () => {
    expect(decodeHeaderValue('"a \\"b\\" %20 \\\\"')).toBe('a "b"   \\');
  });
});
