import { describe, expect, it } from 'vitest';
import { compareFolders } from './compare-documents.js';

type Schema = Readonly<Record<string, unknown>>;
type Direction = 'event' | 'request' | 'response';

const feature = `name: sync
version: 1.0.0
asyncapi: ./asyncapi.yaml
openapi: { people: ./people.openapi.yaml }
services: [{ name: people }, { name: surveys }]
events: { Changed: { publisher: people, consumers: [surveys] } }
http: [{ from: surveys, to: people, operations: [change, read] }]
`;

function folder(direction: Direction, schema: Schema, components: Schema): Readonly<Record<string, unknown>> {
  const at = (wanted: Direction): Schema => (wanted === direction ? schema : { type: 'object' });
  const content = (wanted: Direction) => ({ 'application/json': { schema: at(wanted) } });
  return {
    'feature.yaml': feature,
    'asyncapi.yaml': {
      asyncapi: '3.0.0',
      info: { title: 'Sync', version: '1.0.0' },
      channels: { changed: { address: 'changed', messages: { Changed: { $ref: '#/components/messages/Changed' } } } },
      components: { messages: { Changed: { payload: at('event') } }, schemas: components },
    },
    'people.openapi.yaml': {
      openapi: '3.1.0',
      info: { title: 'People', version: '1.0.0' },
      paths: {
        '/people': {
          post: {
            operationId: 'change',
            requestBody: { required: true, content: content('request') },
            responses: { 204: { description: 'Done.' } },
          },
          get: { operationId: 'read', responses: { 200: { description: 'All.', content: content('response') } } },
        },
      },
      components: { schemas: components },
    },
  };
}

/** What is said of a schema that changed; notices about versions aside. */
async function judged(direction: Direction, before: Schema, after: Schema, components: Schema = {}) {
  const all = await compareFolders(folder(direction, before, components), folder(direction, after, components));
  return all.filter(({ rule }) => rule !== 'message-version-not-raised');
}

async function said(
  direction: Direction,
  before: Schema,
  after: Schema,
  components: Schema = {},
): Promise<readonly string[]> {
  const all = await judged(direction, before, after, components);
  return all.map(({ rule, verdict, order, pointer = '' }) => `${verdict} ${rule}${pointer} ${order}`);
}

function object(properties: Schema, required: readonly string[] = [], more: Schema = {}): Schema {
  return { type: 'object', properties, ...(required.length > 0 ? { required } : {}), ...more };
}

const a = { type: 'string' };
const number = { type: 'number' };

/** The table of who is hit, and in which order it works: request, response, event. */
const table: readonly (readonly [string, Schema, Schema, string, string, string])[] = [
  [
    'an optional property more',
    object({ a }),
    object({ a, b: a }),
    'safe property-added/b any',
    'safe property-added/b any',
    'safe property-added/b any',
  ],
  [
    'a required property more',
    object({ a }),
    object({ a, b: a }, ['b']),
    'breaking required-added/b writer-first',
    'safe required-added/b writer-first',
    'breaking required-added/b writer-first',
  ],
  [
    'an optional property less',
    object({ a, b: a }),
    object({ a }),
    'safe property-removed/b any',
    'safe property-removed/b any',
    'safe property-removed/b any',
  ],
  [
    'a required property less',
    object({ a, b: a }, ['b']),
    object({ a }),
    'safe property-removed/b reader-first',
    'breaking property-removed/b reader-first',
    'breaking property-removed/b reader-first',
  ],
  [
    'optional became required',
    object({ a }),
    object({ a }, ['a']),
    'breaking required-added/a writer-first',
    'safe required-added/a writer-first',
    'breaking required-added/a writer-first',
  ],
  [
    'required became optional',
    object({ a }, ['a']),
    object({ a }),
    'safe required-removed/a reader-first',
    'breaking required-removed/a reader-first',
    'breaking required-removed/a reader-first',
  ],
  [
    'a value more',
    object({ a: { enum: ['x'] } }),
    object({ a: { enum: ['x', 'y'] } }),
    'safe enum-value-added/a reader-first',
    'breaking enum-value-added/a reader-first',
    'breaking enum-value-added/a reader-first',
  ],
  [
    'a value less',
    object({ a: { enum: ['x', 'y'] } }),
    object({ a: { enum: ['x'] } }),
    'breaking enum-value-removed/a writer-first',
    'safe enum-value-removed/a writer-first',
    'breaking enum-value-removed/a writer-first',
  ],
  [
    'another type',
    object({ a }),
    object({ a: number }),
    'breaking type-changed/a never',
    'breaking type-changed/a never',
    'breaking type-changed/a never',
  ],
  [
    'null allowed',
    object({ a }),
    object({ a: { type: ['string', 'null'] } }),
    'safe nullable-added/a reader-first',
    'breaking nullable-added/a reader-first',
    'breaking nullable-added/a reader-first',
  ],
  [
    'another default',
    object({ a: { ...a, default: 'x' } }),
    object({ a: { ...a, default: 'y' } }),
    'notice default-changed/a any',
    'notice default-changed/a any',
    'notice default-changed/a any',
  ],
];

describe.each(table)('%s', (_, before, after, request, response, event) => {
  it.each([
    ['request', request],
    ['response', response],
    ['event', event],
  ] as const)('of %s: %s', async (direction, expected) => {
    expect(await said(direction, before, after)).toEqual([expected]);
  });
});

describe('changes that change nothing are silent', () => {
  const whole = object({ a, b: number }, ['a']);
  it.each<[string, Schema, Schema, Schema?]>([
    ['written in place or referred to', object({ a }), object({ a: { $ref: '#/components/schemas/A' } }), { A: a }],
    ['allOf drawn together', { allOf: [object({ a }), object({ b: number }, ['a'])] }, whole],
    ['one alternative alone', object({ a: { oneOf: [a] } }), object({ a })],
    ['const or a list of one', object({ a: { const: 'x' } }), object({ a: { enum: ['x'] } })],
    ['alternatives in another order', object({ a: { anyOf: [a, number] } }), object({ a: { anyOf: [number, a] } })],
    [
      'a type or alternatives of types',
      object({ a: { type: ['string', 'number'] } }),
      object({ a: { anyOf: [a, number] } }),
    ],
    ['what is true anyway', object({ a }), object({ a: { ...a, minLength: 0 } }, [], { additionalProperties: true })],
  ])('%s', async (_, before, after, components) => {
    for (const direction of ['event', 'request', 'response'] as const) {
      expect(await said(direction, before, after, components)).toEqual([]);
      expect(await said(direction, after, before, components)).toEqual([]);
    }
  });
});

describe('several changes at once', () => {
  it('are told apart, each with a value that is refused for it alone', async () => {
    const before = object({
      a: { enum: ['x'] },
      n: { type: 'integer', maximum: 10 },
      list: { type: 'array', items: object({ p: a }) },
    });
    const after = object({
      a: { enum: ['x', 'y'] },
      n: { type: 'integer', maximum: 20 },
      list: { type: 'array', items: object({ p: number }) },
    });
    const found = await judged('response', before, after);
    expect(found.map(({ rule, pointer }) => `${rule} ${pointer}`)).toEqual([
      'enum-value-added /a',
      'range-widened /n',
      'type-changed /list/*/p',
    ]);
    expect(found.map(({ counterexample }) => counterexample?.value)).toEqual([
      { a: 'y' },
      { n: 11 },
      { list: [{ p: 0 }] },
    ]);
    expect(found.map(({ counterexample }) => counterexample?.refusedAt)).toEqual(['/a', '/n', '/list/0/p']);
  });

  it('are told apart also where the value that comes first to mind breaks all of them', async () => {
    const both = (...values: string[]): Schema => object({ a: { enum: values }, b: { enum: values } }, ['a', 'b']);
    const found = await judged('response', both('x'), both('y', 'x'));
    expect(found.map(({ counterexample }) => counterexample?.value)).toEqual([
      { a: 'y', b: 'x' },
      { a: 'x', b: 'y' },
    ]);
  });

  it('are judged one by one', async () => {
    const found = await said(
      'request',
      object({ a, b: a }),
      object({ a: { ...a, maxLength: 5 }, b: { ...a, maxLength: 0 }, c: a }),
    );
    expect([...found].sort()).toEqual([
      'breaking length-narrowed/a writer-first',
      'breaking length-narrowed/b writer-first',
      'safe property-added/c any',
    ]);
  });

  it('in a schema that contains itself are told once', async () => {
    const tree = (value: Schema): Schema =>
      object({ value, children: { type: 'array', items: { $ref: '#/components/schemas/Tree' } } });
    const of = (value: Schema) => folder('response', { $ref: '#/components/schemas/Tree' }, { Tree: tree(value) });
    const all = await compareFolders(of({ enum: ['x'] }), of({ enum: ['x', 'y'] }));
    expect(all.filter(({ verdict }) => verdict === 'breaking').map(({ rule, pointer }) => `${rule}${pointer}`)).toEqual(
      ['enum-value-added/value'],
    );
  });
});

describe('alternatives', () => {
  const kind = (name: string, more: Schema = {}): Schema => object({ kind: { const: name }, ...more }, ['kind']);

  it('more of them break readers, also where there was one alone', async () => {
    const both = { oneOf: [kind('x'), kind('y')] };
    expect(await said('response', { oneOf: [kind('x')] }, both)).toEqual(['breaking alternative-added reader-first']);
    expect(await said('response', kind('x'), both)).toEqual(['breaking alternative-added reader-first']);
    expect(await said('request', both, kind('x'))).toEqual(['breaking alternative-removed writer-first']);
    expect(await said('request', kind('x'), both)).toEqual(['safe alternative-added reader-first']);
  });

  it('are compared with what they were', async () => {
    const of = (more: Schema): Schema => ({ oneOf: [kind('x', more), kind('y')] });
    expect(await said('response', of({ n: number }), of({ n: a }))).toEqual(['breaking type-changed/n never']);
  });
});

describe('what the contract says about readers', () => {
  it('x-extensible-enum: a new value is expected', async () => {
    const open = (...values: string[]): Schema =>
      object({ a: { type: 'string', enum: values, 'x-extensible-enum': true } });
    expect(await said('response', open('x'), open('x', 'y'))).toEqual(['safe enum-value-added/a any']);
    expect(await said('request', open('x', 'y'), open('x'))).toEqual(['breaking enum-value-removed/a writer-first']);
    const listed = (...values: string[]): Schema => object({ a: { type: 'string', 'x-extensible-enum': values } });
    expect(await said('event', listed('x'), listed('x', 'y'))).toEqual(['safe enum-value-added/a any']);
  });

  it('a reader that allows nothing else refuses a new property', async () => {
    const closed = { additionalProperties: false };
    expect(await said('response', object({ a }, [], closed), object({ a, b: a }, [], closed))).toEqual([
      'breaking property-added/b reader-first',
    ]);
    expect(await said('request', object({ a, b: a }, [], closed), object({ a }, [], closed))).toEqual([
      'breaking property-removed/b writer-first',
    ]);
  });

  it('a new name that is clear is a new name', async () => {
    expect(await said('event', object({ full_name: a }, ['full_name']), object({ fullName: a }, ['fullName']))).toEqual(
      ['breaking property-renamed/full_name never'],
    );
    expect(await said('event', object({ name: a }), object({ fullName: a }))).toEqual([
      'notice property-renamed/name any',
    ]);
  });
});

it('a property that a consumer needs does not go, although no schema asks for it', async () => {
  const needs = (files: Readonly<Record<string, unknown>>) => ({
    ...files,
    'feature.yaml': feature.replace('consumers: [surveys]', 'consumers: [{ service: surveys, needs: [b] }]'),
  });
  const all = await compareFolders(
    needs(folder('event', object({ a, b: a }), {})),
    needs(folder('event', object({ a }), {})),
  );
  const found = all.filter(({ rule }) => rule === 'property-removed');
  expect(found.map(({ verdict, affected }) => [verdict, affected.map(({ service }) => service)])).toEqual([
    ['breaking', ['surveys']],
  ]);
});
