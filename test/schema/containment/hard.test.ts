import { describe, expect, it } from 'vitest';
import { type ContainsOptions, contains, type SchemaSource, type Verdict } from '../../../generator/schema/contains.js';
import { createResolver } from '../../../generator/schema/ref.js';

/** Steps instead of time: the same on every machine. */
function ask(writer: unknown, reader: unknown, options: ContainsOptions = {}): { verdict: Verdict; steps: number } {
  let steps = 0;
  const onSteps = (taken: number): void => {
    steps = taken;
  };
  return { verdict: contains({ schema: reader }, { schema: writer }, { ...options, onSteps }), steps };
}

const times = <T>(count: number, make: (index: number) => T): readonly T[] => [...Array(count).keys()].map(make);
const objectOf = (count: number, schema: (index: number) => unknown): object => ({
  type: 'object',
  properties: Object.fromEntries(times(count, (index) => [`f${index}`, schema(index)])),
});
const variant = (kind: number, value: unknown): object => ({
  type: 'object',
  required: ['kind'],
  properties: { kind: { const: `k${kind}` }, value },
});
const variants = (count: number, value: (index: number) => unknown): object => ({
  oneOf: times(count, (index) => variant(index, value(index))),
});
const text = { type: 'string' };
const wider = { type: ['string', 'null'] };

/** Steps for twice as much are at most three times as many. */
function growsEvenly(
  question: (size: number) => readonly [writer: unknown, reader: unknown],
  size: number,
  verdict: Verdict['verdict'],
): void {
  const [small, large] = [size, 2 * size].map((each) => ask(...question(each)));
  expect(small?.verdict.verdict).toBe(verdict);
  expect(large?.verdict.verdict).toBe(verdict);
  expect((large?.steps ?? 0) / Math.max(1, small?.steps ?? 1)).toBeLessThan(3);
}

it('compares equal schemas without a step', () => {
  expect(
    ask(
      variants(2_000, () => text),
      variants(2_000, () => ({ ...text, description: 'x' })),
    ),
  ).toEqual({
    verdict: { verdict: 'compatible' },
    steps: 0,
  });
});

it('compares many optional fields in steps by their number', () => {
  growsEvenly((size) => [objectOf(size, () => text), objectOf(size, () => wider)], 100, 'compatible');
  growsEvenly(
    (size) => [
      objectOf(size, () => text),
      objectOf(size, (index) => (index === size / 2 ? { ...text, maxLength: 3 } : wider)),
    ],
    30,
    'incompatible',
  );
});

it('compares many variants in steps by their number, one or all of them changed', () => {
  growsEvenly((size) => [variants(size, () => text), variants(size + 1, () => text)], 200, 'compatible');
  growsEvenly((size) => [variants(size, () => text), variants(size, () => wider)], 200, 'compatible');
  growsEvenly(
    (size) => [variants(size, () => text), variants(size, (index) => (index === 7 ? wider : text))],
    200,
    'compatible',
  );
  const wrapped = (count: number, value: unknown): object => ({
    oneOf: times(count, (index) => ({
      type: 'object',
      required: [`e${index}`],
      properties: { [`e${index}`]: value },
      additionalProperties: false,
    })),
  });
  growsEvenly((size) => [wrapped(size, text), wrapped(size, wider)], 200, 'compatible');
});

it('finds the one variant of many that is gone', () => {
  const { verdict } = ask(
    variants(60, () => text),
    variants(59, () => text),
  );
  expect(verdict).toMatchObject({ verdict: 'incompatible', counterexample: { kind: 'k59' } });
});

it('compares choices that have nothing to do with each other one by one', () => {
  const either = (count: number, kind: 'anyOf' | 'oneOf'): object => ({
    type: 'object',
    allOf: times(count, (index) => ({ [kind]: [{ required: [`f${index}`] }, { required: [`g${index}`] }] })),
  });
  expect(ask(either(30, 'oneOf'), either(30, 'anyOf')).verdict.verdict).toBe('compatible');
  const irrelevant = ask(
    { ...either(30, 'anyOf'), properties: { z: { minimum: 5 } } },
    { properties: { z: { minimum: 4 } } },
  );
  expect(irrelevant.verdict.verdict).toBe('compatible');
  expect(irrelevant.steps).toBeLessThan(2_000);
});

it('does not try every combination of choices when none of them is to blame', () => {
  const choices = times(25, (index) => ({ anyOf: [{ not: { const: index } }, { not: { multipleOf: index + 1.5 } }] }));
  const { verdict, steps } = ask({ type: 'number', allOf: choices, minimum: 5 }, { minimum: 4 });
  expect(verdict.verdict).toBe('compatible');
  expect(steps).toBeLessThan(5_000);
});

it('compares schemas that all hold each other', () => {
  const mutual = (count: number, leaf: unknown): object => ({
    $ref: '#/$defs/n0',
    $defs: Object.fromEntries(
      times(count, (index) => [
        `n${index}`,
        {
          type: 'object',
          properties: {
            v: index === count - 1 ? leaf : text,
            ...Object.fromEntries(times(count, (to) => [`to${to}`, { $ref: `#/$defs/n${to}` }])),
          },
        },
      ]),
    ),
  });
  expect(ask(mutual(20, { type: 'integer' }), mutual(20, { type: 'number' })).verdict.verdict).toBe('compatible');
  expect(ask(mutual(12, { type: 'number' }), mutual(12, { type: 'integer' })).verdict.verdict).toBe('incompatible');
});

it('writes out long values where nothing shorter will do', () => {
  for (const [writer, reader] of [
    [{ type: 'array', minItems: 10_000 }, { maxItems: 5 }],
    [{ type: 'string', minLength: 100_000 }, { maxLength: 5 }],
    [{ type: 'object', minProperties: 101 }, { maxProperties: 100 }],
  ])
    expect(ask(writer, reader).verdict.verdict).toBe('incompatible');
});

it('gives up when the steps are used up, and says so', () => {
  const holes = times(6, (pigeon) => ({ anyOf: times(5, (hole) => ({ required: [`p${pigeon}h${hole}`] })) }));
  const shared = times(5, (hole) =>
    times(6, (one) => times(one, (other) => ({ required: [`p${one}h${hole}`, `p${other}h${hole}`] }))).flat(),
  ).flat();
  const { verdict, steps } = ask({ type: 'object', allOf: holes }, { anyOf: shared }, { stepsMax: 5_000 });
  expect(verdict).toMatchObject({ verdict: 'unknown', why: expect.stringContaining('too many steps') });
  expect(steps).toBeLessThan(5_100);
});

it('finds what breaks among 2,000 alternatives that nothing tells apart at first sight', () => {
  const one = (index: number, type: string): object => ({
    type: 'object',
    properties: { [`p${index}`]: { type } },
    required: [`p${index}`],
  });
  const choice = (changed: number): object => ({
    oneOf: times(2_000, (index) => one(index, index === changed ? 'number' : 'string')),
  });
  const { verdict, steps } = ask(choice(-1), choice(1_700));
  expect(verdict).toMatchObject({ verdict: 'incompatible', counterexample: { p1700: '' } });
  expect(steps).toBeLessThan(100_000);
  const ranges = (wide: number): object => ({
    oneOf: times(500, (index) => ({ type: 'integer', minimum: 10 * index, maximum: 10 * index + wide })),
  });
  expect(ask(ranges(8), ranges(7)).verdict).toMatchObject({ verdict: 'incompatible', counterexample: 8 });
});

it('does not take one choice of many alternatives for another', () => {
  const choice = (from: number): object => ({
    oneOf: [...times(240, (index) => ({ type: 'string', minLength: index })), { type: 'string', maxLength: from }],
  });
  // A text is as good as the alternatives that take it are few: these differ in that alone.
  expect(ask(choice(3), choice(5)).verdict.verdict).not.toBe('compatible');
});

describe('ends soon', () => {
  const inPlace = (schema: unknown): SchemaSource => {
    const documents = new Map([['/w/x.json', schema]]);
    return { schema, place: { documents, ref: { file: '/w/x.json', pointer: '' } } };
  };
  const bothWays = (one: SchemaSource, other: SchemaSource): readonly string[] => [
    contains(one, other).verdict,
    contains(other, one).verdict,
  ];

  it('where a reference leads through itself', () => {
    const schema = {
      $id: 'https://example.com/a',
      properties: { foo: { $id: 'b', $defs: { inner: true }, $ref: '#/allOf/0/$defs/inner' } },
      $ref: 'b',
    };
    expect(bothWays(inPlace(schema), inPlace({ type: 'string' }))).not.toContain('compatible');
    const resolver = createResolver(new Map([['/x', schema]]));
    expect(resolver.resolve({ file: '/x', pointer: '/properties/foo' }, '#/allOf/0/$defs/inner').ok).toBe(false);
  });

  it('for the schema of schemas', () => {
    const meta = { $ref: 'https://json-schema.org/draft/2020-12/schema' };
    expect(bothWays(inPlace(meta), inPlace({ const: { minLength: 1 } }))).toEqual(['compatible', 'unknown']);
  });

  it.each(['anyOf', 'allOf', 'oneOf'])('for schemas that ask each other about the same value by %s', (keyword) => {
    const names = times(8, (index) => `n${index}`);
    const circle = {
      $ref: '#/$defs/n0',
      $defs: Object.fromEntries(
        names.map((name, index) => [
          name,
          { [keyword]: [...names.map((each) => ({ $ref: `#/$defs/${each}` })), { maxLength: index + 3 }] },
        ]),
      ),
    };
    const counted = { ...circle, unevaluatedProperties: false };
    for (const schema of [circle, counted])
      expect(bothWays({ schema }, { schema: { type: 'string' } })).not.toContain('incompatible');
  });

  it.each(['anyOf', 'allOf', 'oneOf'])('for schemas that are shared again and again by %s', (keyword) => {
    const shared = (size: number): object => ({
      $ref: `#/$defs/n${size}`,
      $defs: Object.fromEntries([
        ['n0', { type: 'string' }],
        ...times(size, (index): [string, unknown] => [
          `n${index + 1}`,
          {
            [keyword]: [
              { allOf: [{ $ref: `#/$defs/n${index}` }, { maxLength: index }] },
              { allOf: [{ $ref: `#/$defs/n${index}` }, { minLength: index }] },
            ],
          },
        ]),
      ]),
    });
    expect(ask(shared(40), { type: 'number' }).verdict.verdict).not.toBe('incompatible');
    expect(ask({ type: 'number' }, shared(40)).verdict.verdict).toBe('unknown');
  });
});
