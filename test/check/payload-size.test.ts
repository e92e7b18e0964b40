import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { payloadSize } from '../../generator/check/payload-size.js';
import type { Model } from '../../generator/model/types.js';

function sizeOf(schema: unknown) {
  const documents = new Map<string, unknown>([['/s.json', schema]]);
  return payloadSize({ documents } as unknown as Model, { file: '/s.json', pointer: '' });
}

interface Sized {
  readonly schema: Readonly<Record<string, unknown>>;
  readonly value: fc.Arbitrary<unknown>;
}

/** A bounded schema with values that it admits. */
const { sized } = fc.letrec<{ sized: Sized }>((tie) => ({
  sized: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.integer({ min: 0, max: 30 }).map(
      (maxLength): Sized => ({
        schema: { type: 'string', maxLength },
        value: fc.string({ unit: 'grapheme-ascii', maxLength }),
      }),
    ),
    fc.constant<Sized>({ schema: { type: 'integer' }, value: fc.maxSafeInteger() }),
    fc.constant<Sized>({ schema: { type: 'boolean' }, value: fc.boolean() }),
    fc.constant<Sized>({ schema: { type: 'string', format: 'uuid' }, value: fc.uuid() }),
    fc.constant<Sized>({ schema: { enum: ['a', 'longer', null] }, value: fc.constantFrom('a', 'longer', null) }),
    fc.tuple(tie('sized'), fc.integer({ min: 0, max: 4 })).map(
      ([item, maxItems]): Sized => ({
        schema: { type: 'array', maxItems, items: item.schema },
        value: fc.array(item.value, { maxLength: maxItems }),
      }),
    ),
    fc.dictionary(fc.constantFrom('id', 'name', 'note'), tie('sized'), { minKeys: 1 }).map(
      (fields): Sized => ({
        schema: {
          type: 'object',
          properties: Object.fromEntries(Object.entries(fields).map(([name, each]) => [name, each.schema])),
        },
        value: fc.record(Object.fromEntries(Object.entries(fields).map(([name, each]) => [name, each.value])), {
          requiredKeys: [],
        }),
      }),
    ),
  ),
}));

describe('payloadSize', () => {
  it('is never smaller than a message that the schema admits', () => {
    const pairs = sized.chain(({ schema, value }) => value.map((sample) => ({ schema, sample })));
    fc.assert(
      fc.property(pairs, ({ schema, sample }) => {
        const size = sizeOf(schema);
        expect(size).toHaveProperty('bytes');
        expect('bytes' in size ? size.bytes : 0).toBeGreaterThanOrEqual(Buffer.byteLength(JSON.stringify(sample)));
      }),
    );
  });

  it.each([
    ['a text', { type: 'object', properties: { note: { type: 'string' } } }, 'note'],
    ['a list', { type: 'object', properties: { lines: { type: 'array', items: { type: 'integer' } } } }, 'lines'],
    [
      'an item of a list',
      { type: 'array', maxItems: 3, items: { type: 'object', properties: { note: { type: 'string' } } } },
      '[].note',
    ],
    ['a recursion', { type: 'object', properties: { child: { $ref: '#' } } }, 'child'],
  ])('names %s without a bound', (_, schema, unbounded) => {
    expect(sizeOf(schema)).toEqual({ unbounded });
  });
});
