import { describe, expect, it } from 'vitest';
import { sameSchema } from '../../generator/compat/diff/same-schema.js';

/** Whether `schema` of one document says what `schema` of another says. */
function same(before: object, after: object, schemaFormat?: string): boolean {
  const sides = [before, after].map((document, index) => ({
    documents: new Map([[`/revision-${index}/a.yaml`, document]]),
    ref: { file: `/revision-${index}/a.yaml`, pointer: '/schema' },
    ...(schemaFormat !== undefined && { schemaFormat }),
  }));
  const [one, two] = sides;
  if (one === undefined || two === undefined) throw new Error('two sides are needed');
  return sameSchema(one, two, new Set());
}

const oas30 = (schema: object, rest: object = {}) => ({ openapi: '3.0.3', schema, ...rest });
const oas31 = (schema: object, rest: object = {}) => ({ openapi: '3.1.0', schema, ...rest });

describe('two schemas that say the same', () => {
  it.each<readonly [string, object, object]>([
    ['a set in another order', oas31({ required: ['a', 'b'] }), oas31({ required: ['b', 'a'] })],
    ['one type in a list', oas31({ type: ['string'] }), oas31({ type: 'string' })],
    ['a reference written in place', oas31({ $ref: '#/x' }, { x: { type: 'string' } }), oas31({ type: 'string' })],
    [
      'a part that is referred to twice, written in place twice',
      oas31({ properties: { a: { $ref: '#/x' }, b: { $ref: '#/x' } } }, { x: { type: 'string' } }),
      oas31({ properties: { a: { type: 'string' }, b: { type: 'string' } } }),
    ],
    ['one part in allOf', oas31({ allOf: [{ type: 'string' }] }), oas31({ type: 'string' })],
    [
      'nullable in 3.0 and a list of types in 3.1',
      oas30({ type: 'string', nullable: true }),
      oas31({ type: ['null', 'string'] }),
    ],
    [
      'a schema that contains itself, unrolled once',
      oas31({ $ref: '#/x' }, { x: { properties: { next: { $ref: '#/x' } } } }),
      oas31(
        { properties: { next: { $ref: '#/x' } } },
        { x: { properties: { next: { properties: { next: { $ref: '#/x' } } } } } },
      ),
    ],
    ['a reference that leads nowhere on both sides', oas31({ $ref: '#/gone' }), oas31({ $ref: '#/gone' })],
    [
      'a property that is called like a word of documentation',
      oas31({ properties: { title: {} } }),
      oas31({ properties: { title: {} } }),
    ],
  ])('%s', (_, before, after) => {
    expect(same(before, after)).toBe(true);
    expect(same(after, before)).toBe(true);
  });
});

describe('two schemas that do not', () => {
  it.each<readonly [string, object, object]>([
    ['a property is required', oas31({ required: ['a'] }), oas31({ required: ['a', 'b'] })],
    [
      'what is referred to has changed, the reference has not',
      oas31({ properties: { a: { $ref: '#/x' } } }, { x: { type: 'string' } }),
      oas31({ properties: { a: { $ref: '#/x' } } }, { x: { type: 'number' } }),
    ],
    [
      'a constraint stands beside a reference',
      oas31({ $ref: '#/x' }, { x: { type: 'string' } }),
      oas31({ $ref: '#/x', maxLength: 5 }, { x: { type: 'string' } }),
    ],
    [
      'a property that is called like a word of documentation',
      oas31({ properties: { title: { type: 'string' } } }),
      oas31({ properties: { title: { type: 'number' } } }),
    ],
    [
      'the same text means something else in another draft',
      { schema: { $schema: 'http://json-schema.org/draft-04/schema#', const: 1 } },
      { schema: { $schema: 'http://json-schema.org/draft-07/schema#', const: 1 } },
    ],
    ['a keyword that nobody interprets', oas31({ $dynamicRef: '#a' }), oas31({ $dynamicRef: '#b' })],
    [
      'the order of a tuple',
      oas31({ prefixItems: [{ type: 'string' }, {}] }),
      oas31({ prefixItems: [{}, { type: 'string' }] }),
    ],
    [
      'deep inside a schema that contains itself',
      oas31({ $ref: '#/x' }, { x: { properties: { next: { $ref: '#/x' }, end: { type: 'string' } } } }),
      oas31({ $ref: '#/x' }, { x: { properties: { next: { $ref: '#/x' }, end: { type: 'null' } } } }),
    ],
    ['a default', oas31({ default: 1 }), oas31({ default: 2 })],
    ['an enumeration that was opened', oas31({ enum: ['a'] }), oas31({ enum: ['a'], 'x-extensible-enum': true })],
  ])('%s', (_, before, after) => {
    expect(same(before, after)).toBe(false);
    expect(same(after, before)).toBe(false);
  });

  it('a format that is no JSON Schema is compared as it is written', () => {
    const avro = 'application/vnd.apache.avro+json;version=1.9.0';
    const record = (type: string) => ({ schema: { type: 'record', fields: [{ name: 'a', type }] } });
    expect(same(record('int'), record('int'), avro)).toBe(true);
    expect(same(record('int'), record('long'), avro)).toBe(false);
  });
});
