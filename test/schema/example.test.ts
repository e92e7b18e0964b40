import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileSchema } from '../../generator/schema/ajv.js';
import { exampleOf } from '../../generator/schema/example.js';
import { normalise } from '../../generator/schema/normalise.js';
import { textOfPattern } from '../../generator/schema/pattern-example.js';
import { randomStream } from '../../generator/schema/random.js';
import { components, payloads } from '../emit/messages/nasty.js';

function example(schema: object, seed = 1) {
  const graph = normalise(new Map([['/f', { components: { schemas: components }, ...schema }]]), [
    { key: 'root', name: 'Root', ref: { file: '/f', pointer: '' }, dialect: '2020-12' },
  ]);
  return exampleOf(graph, 'Root', { seed });
}

describe('exampleOf', () => {
  it.each(
    Object.entries(payloads).filter(
      ([name, schema]) => typeof schema === 'object' && !['Never', 'Draft4'].includes(name),
    ),
  )('finds values for %s', (_name, schema) => {
    for (let seed = 1; seed <= 5; seed++) expect(example(schema as object, seed)).toMatchObject({ ok: true });
  });

  it('gives the same value for the same seed and others for others', () => {
    const schema = { type: 'object', properties: { id: { type: 'string', format: 'uuid' } }, required: ['id'] };
    expect(example(schema, 7)).toEqual(example(schema, 7));
    expect(new Set([1, 2, 3, 4, 5].map((seed) => JSON.stringify(example(schema, seed)))).size).toBe(5);
  });

  it.each([
    [{ type: 'integer', minimum: 10, exclusiveMaximum: 12, multipleOf: 1 }],
    [{ type: 'number', exclusiveMinimum: 0, maximum: 0.5, multipleOf: 0.25 }],
    [{ type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 0.001 }],
    [{ type: 'array', items: { enum: ['a', 'b', 'c'] }, uniqueItems: true, minItems: 3 }],
    [{ type: 'array', contains: { const: 'x' }, minItems: 2 }],
    [{ type: 'object', additionalProperties: { type: 'number' }, minProperties: 3, maxProperties: 3 }],
    [{ type: 'object', propertyNames: { pattern: '^[a-z]{3}$' }, minProperties: 1 }],
    [{ allOf: [{ type: 'string', minLength: 4 }, { maxLength: 6 }] }],
    [{ type: 'string', pattern: '^(EUR|USD)-\\d{4,}(/[A-F0-9]+)?$' }],
    [{ type: 'string', format: 'ipv6' }],
    [{ type: 'object', required: ['a'], properties: { a: { type: 'string' } }, dependentRequired: { a: ['b'] } }],
  ])('satisfies %j', (schema) => {
    const check = compileSchema(schema, { dialect: '2020-12' });
    for (let seed = 1; seed <= 20; seed++) {
      const found = example(schema, seed);
      expect(found.ok && check(found.value)).toEqual([]);
    }
  });

  it('says why it finds nothing', () => {
    expect(example({ allOf: [{ type: 'string' }, { type: 'number' }] })).toEqual({
      ok: false,
      reason: 'its parts ask for different types',
    });
    expect(example({ type: 'object', required: ['self'], properties: { self: { $ref: '#' } } })).toEqual({
      ok: false,
      reason: 'it is required to contain itself without end',
    });
    expect(example({ type: 'string', minLength: 5, maxLength: 2 })).toMatchObject({ ok: false });
  });

  it('takes what the contract shows', () => {
    const schema = { type: 'string', examples: ['shown'], default: 'preset' };
    const found = new Set(
      [...Array(20).keys()].map((seed) => {
        const each = example(schema, seed);
        return each.ok ? each.value : undefined;
      }),
    );
    expect([...found]).toEqual(expect.arrayContaining(['shown', 'preset']));
  });
});

describe('textOfPattern', () => {
  it('matches the pattern, or gives up', () => {
    const piece = fc.constantFrom(
      'a',
      'B',
      '\\d',
      '\\w',
      '.',
      '[a-f]',
      '[^x-z]',
      '[\\w.-]',
      '(ab|c)',
      '(?:x[0-9]{2})',
      '\\.',
      '\\p{L}',
      '-',
    );
    const times = fc.constantFrom('', '?', '*', '+', '{2}', '{1,3}', '{0,}', '+?');
    const pattern = fc
      .array(
        fc.tuple(piece, times).map((parts) => parts.join('')),
        { minLength: 1, maxLength: 6 },
      )
      .map((parts) => `^${parts.join('')}$`);
    fc.assert(
      fc.property(pattern, fc.nat(), (each, seed) => {
        const text = textOfPattern(randomStream(seed), each);
        expect(text).toMatch(new RegExp(each, 'u'));
      }),
      { numRuns: 500 },
    );
    expect(textOfPattern(randomStream(1), '^(?=a)a$')).toBeUndefined();
    expect(textOfPattern(randomStream(1), '(a)\\1')).toBeUndefined();
  });
});
