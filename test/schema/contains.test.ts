import { describe, expect, it } from 'vitest';
import { compileSchema } from '../../generator/schema/ajv.js';
import { contains, type Verdict } from '../../generator/schema/contains.js';
import type { Dialect } from '../../generator/schema/node.js';
import { rows } from './containment/rows.js';

type Answer = Verdict['verdict'];

/** Asks, and lets a validator of its own judge whatever counterexample there is. */
function ask(writer: unknown, reader: unknown, dialect: Dialect = '2020-12'): Verdict {
  const verdict = contains({ schema: reader, dialect }, { schema: writer, dialect });
  if (verdict.verdict === 'incompatible') {
    expect(compileSchema(writer, { dialect })(verdict.counterexample), 'the writer accepts it').toEqual([]);
    expect(compileSchema(reader, { dialect })(verdict.counterexample), 'the reader refuses it').not.toEqual([]);
  }
  return verdict;
}

const letter: Readonly<Record<string, Answer>> = { '<': 'compatible', '!': 'incompatible', '?': 'unknown' };

describe.each(rows)('$title', ({ cases, dialect }) => {
  it.each(cases.map(([writer, sign, reader]) => [JSON.stringify(writer), sign, JSON.stringify(reader)] as const))(
    '%s %s %s',
    (writer, sign, reader) => {
      const verdict = ask(JSON.parse(writer), JSON.parse(reader), dialect);
      expect(verdict).toMatchObject({ verdict: letter[sign] });
    },
  );
});

it('gives the smallest counterexample it can, and where the reader refuses it', () => {
  const line = {
    type: 'object',
    required: ['sku'],
    properties: { sku: { type: 'string' }, count: { type: 'integer' } },
  };
  const writer = {
    type: 'object',
    required: ['lines'],
    properties: { lines: { type: 'array', items: line }, note: {} },
  };
  const reader = structuredClone(writer);
  reader.properties.lines.items.properties.count = { type: 'integer', minimum: 0 } as never;
  expect(ask(writer, reader)).toMatchObject({
    counterexample: { lines: [{ sku: '', count: -1 }] },
    where: {
      instance: '/lines/0/count',
      schema: '/properties/lines/items/properties/count/minimum',
      keyword: 'minimum',
    },
  });
});

it('answers the same every time', () => {
  const writer = { anyOf: [{ pattern: '^a' }, { format: 'date' }, { multipleOf: 0.3 }], minProperties: 2 };
  const reader = { anyOf: [{ pattern: '^[a-z]{3}' }, { format: 'date' }], maxProperties: 5 };
  const first = ask(writer, reader);
  expect(first.verdict).toBe('incompatible');
  expect(ask(structuredClone(writer), structuredClone(reader))).toEqual(first);
});

it('says unknown, and never compatible, about schemas that cannot be read', () => {
  for (const odd of [
    { $ref: '#/gone' },
    { type: 'strnig' },
    { minimum: 'one' },
    { pattern: '(' },
    { properties: [] },
  ]) {
    expect(ask(odd, { type: 'string' }).verdict, JSON.stringify(odd)).toBe('unknown');
    expect(ask(odd, structuredClone(odd)).verdict, JSON.stringify(odd)).toBe('compatible');
  }
  let deep: unknown = { type: 'integer' };
  for (let level = 0; level < 6_000; level++) deep = { properties: { a: deep } };
  expect(ask(deep, { type: 'string' }).verdict).not.toBe('compatible');
});

describe('content', () => {
  const tolerant = (writer: unknown, reader: unknown): Answer =>
    contains({ schema: reader }, { schema: writer }, { content: 'tolerant' }).verdict;
  const objectOf = (properties: unknown, more: object = {}): unknown => ({ type: 'object', properties, ...more });

  it('closes the objects of a writer to what it declares', () => {
    const [small, large] = [objectOf({ a: {} }), objectOf({ a: {}, b: { type: 'string' } })];
    expect(ask(small, large).verdict).toBe('incompatible');
    expect(tolerant(small, large)).toBe('compatible');
    expect(tolerant(large, small)).toBe('compatible');
    expect(tolerant(objectOf({ a: small }), objectOf({ a: large }))).toBe('compatible');
    expect(tolerant({ items: small }, { items: large })).toBe('compatible');
    expect(tolerant({ allOf: [small, objectOf({ c: {} })] }, large)).toBe('compatible');
    expect(tolerant(objectOf({ a: {} }, { additionalProperties: true }), large)).toBe('compatible');
  });

  it('takes maps as declared, and readers as written', () => {
    const large = objectOf({ a: {}, b: { type: 'string' } });
    expect(tolerant(objectOf({ a: {} }, { additionalProperties: { type: 'number' } }), large)).toBe('incompatible');
    expect(tolerant(objectOf({ a: {} }, { patternProperties: { '^b': { type: 'number' } } }), large)).toBe(
      'incompatible',
    );
    expect(tolerant(large, objectOf({ a: {} }, { additionalProperties: false }))).toBe('incompatible');
    expect(tolerant({ type: 'object' }, large)).toBe('incompatible');
  });

  it('closes each variant by itself, the parts of one value together, and recursion', () => {
    const variant = (kind: string, properties: object): unknown =>
      objectOf({ kind: { const: kind }, ...properties }, { required: ['kind'] });
    const writer = { oneOf: [variant('a', { x: {} }), variant('b', { y: {} })] };
    expect(tolerant(writer, { oneOf: [variant('a', { x: {} }), variant('b', { y: {}, x: { type: 'string' } })] })).toBe(
      'compatible',
    );
    const tree = (more: object): unknown => ({
      $ref: '#/$defs/Node',
      $defs: { Node: objectOf({ next: { $ref: '#/$defs/Node' }, ...more }) },
    });
    expect(tolerant(tree({}), tree({ label: { type: 'string' } }))).toBe('compatible');
    expect(tolerant(tree({ label: {} }), tree({ label: { type: 'string' } }))).toBe('incompatible');
  });
});

describe('documents', () => {
  const place = (documents: Readonly<Record<string, unknown>>, pointer: string) => ({
    schema: {},
    place: { documents: new Map(Object.entries(documents)), ref: { file: '/api.yaml', pointer } },
  });
  const api = (schema: unknown): unknown => ({ openapi: '3.0.3', components: { schemas: { Order: schema } } });

  it('follows references between files, and sees nothing in a mere move', () => {
    const inline = place(
      { '/api.yaml': api({ type: 'array', items: { type: 'string', nullable: true } }) },
      '/components/schemas/Order',
    );
    const moved = place(
      {
        '/api.yaml': api({ type: 'array', items: { $ref: './common.yaml#/Name' } }),
        '/common.yaml': { Name: { type: 'string', nullable: true } },
      },
      '/components/schemas/Order',
    );
    const steps: number[] = [];
    expect(contains(inline, moved, { onSteps: (taken) => steps.push(taken) }).verdict).toBe('compatible');
    expect(contains(moved, inline, { onSteps: (taken) => steps.push(taken) }).verdict).toBe('compatible');
    expect(steps).toEqual([]);
  });

  it('reads OpenAPI 3.0 and AsyncAPI as their validators are made', () => {
    const old = place(
      { '/api.yaml': api({ type: 'number', minimum: 0, exclusiveMinimum: true }) },
      '/components/schemas/Order',
    );
    const open = place(
      { '/api.yaml': api({ type: 'number', minimum: 0, nullable: true }) },
      '/components/schemas/Order',
    );
    expect(contains(open, old).verdict).toBe('compatible');
    expect(contains(old, open)).toMatchObject({ verdict: 'incompatible', counterexample: null });
    const event = { asyncapi: '3.0.0', components: { schemas: { Order: { type: ['number', 'null'], minimum: 0 } } } };
    expect(contains(place({ '/api.yaml': event }, '/components/schemas/Order'), open).verdict).toBe('compatible');
  });
});
