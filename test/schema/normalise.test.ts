import { describe, expect, it } from 'vitest';
import { compileNode } from '../../generator/schema/ajv.js';
import type { Dialect, SchemaGraph, SchemaNode } from '../../generator/schema/node.js';
import { normalise } from '../../generator/schema/normalise.js';

const string = { type: 'string' };

/** The graph of one schema that stands alone in a file. */
function graphOf(schema: unknown, dialect: Dialect = '2020-12', reading: 'exact' | 'contract' = 'exact'): SchemaGraph {
  return normalise(
    new Map([['/w/root.json', schema]]),
    [{ key: 'root', name: 'Root', ref: { file: '/w/root.json', pointer: '' }, dialect }],
    { reading },
  );
}

/** What a node says: without identity, and with `undefined` for nothing. */
function body(graph: SchemaGraph, id = 'Root'): Partial<SchemaNode> {
  const { id: _id, name: _name, origin: _origin, ...rest } = graph.node(id);
  return rest;
}

const codes = (graph: SchemaGraph) => graph.problems.map(({ code, at }) => `${code} ${at.pointer}`);

describe('every dialect becomes 2020-12', () => {
  it.each<[string, unknown, Dialect, Partial<SchemaNode>]>([
    [
      'an exclusive bound as a flag',
      { type: 'number', minimum: 1, exclusiveMinimum: true, maximum: 5, exclusiveMaximum: false },
      'draft-04',
      { types: ['number'], exclusiveMinimum: 1, maximum: 5 },
    ],
    [
      'an exclusive bound as a number',
      { exclusiveMinimum: 1, minimum: 0 },
      '2020-12',
      { exclusiveMinimum: 1, minimum: 0 },
    ],
    ['nullable beside a type', { type: 'string', nullable: true }, 'openapi-3.0', { types: ['null', 'string'] }],
    ['nullable without anything', { nullable: true }, 'openapi-3.0', {}],
    [
      'types in any order, integer within number',
      { type: ['string', 'integer', 'number', 'null'] },
      '2020-12',
      { types: ['null', 'number', 'string'] },
    ],
    ['an example', { type: 'string', example: 'a' }, 'openapi-3.0', { types: ['string'], examples: ['a'] }],
    [
      'dependencies between properties',
      { dependencies: { a: ['b'] } },
      'draft-07',
      { dependentRequired: new Map([['a', ['b']]]) },
    ],
    ['a constant that is null', { const: null }, '2020-12', { const: { value: null } }],
    [
      'a discriminator as a word',
      { discriminator: 'kind' },
      'asyncapi',
      { discriminator: { propertyName: 'kind', mapping: new Map() } },
    ],
    ['an extension', { 'x-money': true }, 'asyncapi', { extensions: new Map([['x-money', true]]) }],
    [
      'a pattern that only works without the unicode flag',
      { pattern: '^[\\w-.]+\\-\\@$' },
      'draft-07',
      { pattern: '^[\\w\\-.]+-@$' },
    ],
    ['a boolean schema', false, '2020-12', { boolean: false }],
  ])('%s', (_name, schema, dialect, expected) => {
    expect(body(graphOf(schema, dialect))).toEqual(expected);
  });

  it('tuples of older drafts', () => {
    const graph = graphOf({ type: 'array', items: [string, { type: 'number' }], additionalItems: false }, 'draft-07');
    expect(body(graph)).toEqual({
      types: ['array'],
      prefixItems: ['Root/items/0', 'Root/items/1'],
      items: 'Root/additionalItems',
    });
    expect(body(graph, 'Root/additionalItems')).toEqual({ boolean: false });
  });

  it('nullable beside a reference, and beside anything but a type', () => {
    const graph = graphOf(
      {
        properties: {
          ref: { $ref: '#/$defs/A', nullable: true },
          all: { allOf: [{ $ref: '#/$defs/A' }], nullable: true },
        },
        $defs: { A: string },
      },
      'openapi-3.0',
    );
    expect(body(graph, 'Root/properties/ref')).toEqual({ anyOf: ['A', 'Root/properties/ref/~null'] });
    expect(body(graph, 'Root/properties/all').anyOf).toEqual([
      'Root/properties/all/~value',
      'Root/properties/all/~null',
    ]);
    const check = compileNode(graph, 'Root');
    expect(check({ ref: null, all: null })).toEqual([]);
    expect(check({ ref: 1 })).not.toEqual([]);
  });

  it('marks what a draft does not know and what is malformed, and applies neither', () => {
    const graph = graphOf(
      { type: 'string', const: 'a', if: {}, required: true, minLength: -1, tpye: 'x', properties: { a: 5 } },
      'draft-04',
    );
    expect(body(graph)).toEqual({
      types: ['string'],
      properties: new Map(),
      unknown: ['const', 'if', 'minLength', 'required', 'tpye'],
    });
    expect(codes(graph)).toEqual(['keyword-invalid ', 'keyword-invalid ', 'keyword-unknown ', 'not-a-schema ']);
  });

  it('follows `$schema` inside a document of another kind', () => {
    const graph = graphOf(
      { properties: { a: { $schema: 'http://json-schema.org/draft-04/schema#', const: 1 } } },
      'asyncapi',
    );
    expect(body(graph, 'Root/properties/a').const).toEqual({ value: 1 });
    const other = normalise(
      new Map<string, unknown>([
        ['/w/root.json', { properties: { a: { $ref: 'old.json' } } }],
        ['/w/old.json', { $schema: 'http://json-schema.org/draft-04/schema#', const: 1 }],
      ]),
      [{ key: 'root', name: 'Root', ref: { file: '/w/root.json', pointer: '' }, dialect: 'asyncapi' }],
    );
    expect(body(other, 'old')).toEqual({ unknown: ['const'] });
  });
});

describe('a missing type', () => {
  const sloppy = {
    properties: { a: { items: string }, b: { oneOf: [{ required: ['x'] }] } },
    not: { required: ['c'] },
    anyOf: [{ required: ['a'] }],
  };

  it('is left open in the exact reading', () => {
    const { not: _not, ...open } = sloppy;
    const check = compileNode(graphOf(open), 'Root');
    expect(check(5)).toEqual([]);
    expect(check({ a: 5 })).toEqual([]);
  });

  it('is what the keywords speak about in the reading of contracts, but never inside a condition', () => {
    const graph = graphOf(sloppy, 'asyncapi', 'contract');
    expect(codes(graph)).toEqual(['type-implied ', 'type-implied /properties/a', 'type-implied /properties/b/oneOf/0']);
    expect(graph.node('Root/not').types).toBeUndefined();
    expect(graph.node('Root/anyOf/0').types).toBeUndefined();
    const check = compileNode(graph, 'Root');
    expect(check(5)).not.toEqual([]);
    expect(check({ a: ['x'] })).toEqual([]);
  });
});

describe('names', () => {
  const files = new Map<string, unknown>([
    [
      '/w/orders/asyncapi.yaml',
      {
        messages: {
          Order: {
            properties: {
              money: { $ref: '#/components/schemas/Money' },
              order: { $ref: '#/components/schemas/Order' },
              to: { $ref: '../shared/address.schema.json' },
            },
          },
          Paid: { $ref: '#/components/schemas/Payment' },
          Repaid: { $ref: '#/components/schemas/Payment' },
        },
        components: {
          schemas: {
            Money: { type: 'integer' },
            Order: { type: 'boolean' },
            Payment: {
              properties: {
                of: { $ref: '#/components/schemas/Money' },
                part: { $ref: '#/messages/Order/properties/money' },
              },
            },
          },
        },
      },
    ],
    [
      '/w/bills/asyncapi.yaml',
      {
        messages: {
          Bill: {
            properties: { money: { $ref: '#/components/schemas/Money' }, tax: { $ref: '#/components/schemas/Tax' } },
          },
        },
        components: { schemas: { Money: { type: 'integer' }, Tax: { type: 'number' } } },
      },
    ],
    [
      '/w/rents/asyncapi.yaml',
      {
        messages: {
          Rent: {
            properties: { money: { $ref: '#/components/schemas/Money' }, tax: { $ref: '#/components/schemas/Tax' } },
          },
        },
        components: { schemas: { Money: { type: 'string' }, Tax: { type: 'number' } } },
      },
    ],
    ['/w/shared/address.schema.json', { properties: { street: string } }],
  ]);
  const root = (file: string, name: string) => ({
    key: name,
    name,
    ref: { file: `/w/${file}/asyncapi.yaml`, pointer: `/messages/${name}` },
    dialect: 'asyncapi' as const,
  });
  const roots = [
    root('orders', 'Order'),
    root('orders', 'Paid'),
    root('orders', 'Repaid'),
    root('bills', 'Bill'),
    root('rents', 'Rent'),
  ];
  const graph = normalise(files, roots);
  const named = [...graph.nodes.values()].flatMap(({ name }) => name ?? []);

  it('are those of messages, components and files; messages come first', () => {
    expect(named.sort()).toEqual([
      'Bill',
      'Money',
      'MoneySchema',
      'Order',
      'OrderSchema',
      'Payment',
      'Rent',
      'Tax',
      'address',
    ]);
  });

  it('share equal schemas of one name and keep different ones apart', () => {
    const money = (id: string) => graph.node(id).properties?.get('money');
    expect([money('Order'), money('Bill'), money('Rent')]).toEqual(['Money', 'Money', 'MoneySchema']);
    expect(graph.node('MoneySchema').types).toEqual(['string']);
    expect([graph.roots.get('Paid'), graph.roots.get('Repaid')]).toEqual(['Payment', 'Payment']);
  });

  it('follow a pointer through a reference to where the schema stands', () => {
    expect(graph.node('Payment').properties?.get('part')).toBe('Money');
  });

  it('remember where each schema was written and find it again', () => {
    expect(graph.node('Money').origin).toEqual({
      file: '/w/orders/asyncapi.yaml',
      pointer: '/components/schemas/Money',
    });
    expect(graph.find({ file: '/w/bills/asyncapi.yaml', pointer: '/messages/Bill/properties/money' })?.id).toBe(
      'Money',
    );
    expect(graph.find({ file: '/w/bills/asyncapi.yaml', pointer: '/nowhere' })).toBeUndefined();
  });

  it('do not change when something else is added', () => {
    const more = structuredClone(files.get('/w/orders/asyncapi.yaml')) as {
      messages: { Order: { properties: Record<string, unknown> } };
    };
    more.messages.Order.properties = { added: { properties: { inner: string } }, ...more.messages.Order.properties };
    const changed = normalise(new Map(files).set('/w/orders/asyncapi.yaml', more), roots);
    expect([...graph.nodes.keys()].filter((id) => !changed.nodes.has(id))).toEqual([]);
  });
});

describe('references', () => {
  it('may be recursive, escaped, by $id and by $anchor', () => {
    const graph = graphOf({
      $id: 'https://shop.example/root.json',
      properties: {
        self: { $ref: '#' },
        odd: { $ref: '#/$defs/a~1b%25~0c' },
        byId: { $ref: 'inner.json' },
        byAnchor: { $ref: '#here' },
        within: { $ref: 'inner.json#/$defs/deep' },
      },
      $defs: {
        'a/b%~c': string,
        inner: { $id: 'inner.json', type: 'number', $defs: { deep: { type: 'null' } } },
        anchored: { $anchor: 'here', type: 'boolean' },
      },
    });
    const target = (key: string) =>
      graph.node(graph.node('Root').properties?.get(key) ?? '').types ?? graph.node('Root').properties?.get(key);
    expect(['self', 'odd', 'byId', 'byAnchor', 'within'].map(target)).toEqual([
      'Root',
      ['string'],
      ['number'],
      ['boolean'],
      ['null'],
    ]);
    expect(graph.problems).toEqual([]);
  });

  it('that lead nowhere or in a circle accept everything and are told', () => {
    const graph = graphOf({
      properties: { gone: { $ref: '#/$defs/Gone' }, file: { $ref: './missing.yaml#/A' }, round: { $ref: '#/$defs/A' } },
      $defs: { A: { $ref: '#/$defs/B' }, B: { $ref: '#/$defs/A' } },
    });
    expect(codes(graph)).toEqual([
      'ref-unresolved /properties/gone',
      'ref-unresolved /properties/file',
      'ref-cycle /$defs/A',
    ]);
    expect(compileNode(graph, 'Root')({ gone: 1, file: 2, round: 3 })).toEqual([]);
  });

  it('keep what is said beside them', () => {
    const graph = graphOf(
      { properties: { a: { $ref: '#/$defs/A', description: 'told', minLength: 2 } }, $defs: { A: string } },
      'openapi-3.1',
    );
    expect(body(graph, 'Root/properties/a')).toEqual({ ref: 'A', description: 'told', minLength: 2 });
  });

  it('lead through the wrapper of a multi-format schema', () => {
    const file = {
      payload: {
        schemaFormat: 'application/schema+json;version=draft-04',
        schema: { type: 'number', minimum: 0, exclusiveMinimum: true, const: 1 },
      },
    };
    const graph = normalise(new Map([['/f', file]]), [
      { key: 'm', name: 'M', ref: { file: '/f', pointer: '/payload' }, dialect: 'asyncapi' },
    ]);
    expect(body(graph, 'M')).toEqual({ types: ['number'], exclusiveMinimum: 0, unknown: ['const'] });
    expect(graph.find({ file: '/f', pointer: '/payload' })?.id).toBe('M');
  });
});

describe('hostile input', () => {
  it('has property names like members of every object', () => {
    const graph = graphOf(
      JSON.parse(
        '{"properties":{"__proto__":{"type":"string"},"constructor":{"type":"number"}},"required":["__proto__"]}',
      ),
    );
    expect([...(graph.node('Root').properties?.keys() ?? [])]).toEqual(['__proto__', 'constructor']);
    const check = compileNode(graph, 'Root');
    expect(check(JSON.parse('{"__proto__":"a"}'))).toEqual([]);
    expect(check({})).not.toEqual([]);
    expect(check(JSON.parse('{"__proto__":1}'))).not.toEqual([]);
  });

  it('nests deeper than any stack', () => {
    let schema: unknown = string;
    for (let depth = 0; depth < 20_000; depth++) schema = { properties: { a: schema } };
    const graph = graphOf(schema);
    expect(graph.problems.map(({ code }) => code)).toEqual(['too-deep']);
    expect(compileNode(graph, 'Root')({ a: { a: 1 } })).toEqual([]);
  });
});
