import type { Schemas } from './plan.js';

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const object = (properties: Schemas, required: readonly string[] = []) => ({ type: 'object', properties, required });
const string = { type: 'string' };
const number = { type: 'number' };

export const components: Schemas = {
  Money: object(
    {
      amount: { type: 'integer' },
      currency: { enum: ['EUR', 'it\'s \\ "x"\n', '`$\u007b1}`', '*/', '</script>', '\u2028'] },
    },
    ['amount'],
  ),
  Base: object({ id: string, child: { allOf: [ref('Base'), object({ extra: number }, ['extra'])] } }, ['id']),
  Json: {
    anyOf: [
      string,
      number,
      { type: 'boolean' },
      { type: 'null' },
      { type: 'array', items: ref('Json') },
      { type: 'object', additionalProperties: ref('Json') },
    ],
  },
  RecursiveArray: { type: 'array', items: { oneOf: [string, ref('RecursiveArray')] } },
  LoopA: { anyOf: [ref('LoopB'), string] },
  LoopB: { anyOf: [{ type: 'integer' }, { type: 'array', items: ref('LoopA') }] },
  Cat: object({ kind: { const: 'cat' }, lives: { type: 'integer' } }, ['kind']),
  Dog: object({ kind: { const: 'dog' }, bark: { type: 'boolean' } }, ['kind']),
  ChainA: object({ next: ref('ChainA'), a: string }),
  ChainB: object({ next: ref('ChainB'), b: number }),
  Alias: ref('Money'),
  foo: object({ lower: string }, ['lower']),
  Foo: object({ upper: string }, ['upper']),
  order: string,
};

/** Payloads that have broken generators: each must give a type that holds every value its validator accepts. */
export const payloads: Schemas = {
  Colliding: object({ 'foo-bar': string, foo_bar: number, fooBar: { type: 'boolean' }, 'foo bar': { type: 'null' } }, [
    'foo-bar',
    'fooBar',
  ]),
  Quotes: object({
    'a"b': string,
    "a'b": string,
    'a\\b': string,
    'a\nb': string,
    'a`${b}': string,
    '*/': string,
    '': string,
    '\u2028': string,
    ключ: string,
    '1': string,
    '😀': string,
  }),
  Inherited: object({
    ['__proto__']: string,
    constructor: number,
    toString: { type: 'boolean' },
    hasOwnProperty: string,
    valueOf: number,
    prototype: string,
  }),
  InheritedRequired: object({ ['__proto__']: string, constructor: { type: 'string' } }, ['__proto__', 'constructor']),
  Words: object(
    {
      class: string,
      default: number,
      new: string,
      async: string,
      status: string,
      parent: string,
      enum: { enum: ['function', 'null', 'undefined'] },
    },
    ['class'],
  ),
  Literals: object({
    n: { const: null },
    one: { const: 1 },
    minus: { const: -1.5 },
    yes: { const: true },
    text: { const: 'q\'\\"' },
    object: { const: { a: [1, { b: null }] } },
    mixed: { enum: [1, 'one', true, null, { a: 1 }, [1, 2]] },
    wrong: { type: 'string', enum: ['a', 1, null] },
  }),
  Nullable: object({
    old: { type: 'string', nullable: true },
    now: { type: ['string', 'null'] },
    ref: { ...ref('Money'), nullable: true },
    all: { allOf: [ref('Money')], nullable: true },
    enumerated: { type: 'string', enum: ['a', 'b', null], nullable: true },
  }),
  Pet: { oneOf: [ref('Cat'), ref('Dog')], discriminator: 'kind' },
  Payment: {
    ...object({ id: string }, ['id']),
    oneOf: [
      object({ kind: { const: 'card' }, number: string }, ['kind', 'number']),
      object({ kind: { const: 'cash' } }, ['kind']),
    ],
  },
  AnyRequired: { ...object({ a: string, b: string }), anyOf: [{ required: ['a'] }, { required: ['b'] }] },
  UntypedRequired: { properties: { a: string, b: string }, anyOf: [{ required: ['a'] }, { required: ['b'] }] },
  Overlap: { allOf: [ref('Base'), object({ id: { enum: ['x', 'y'] }, child: object({ z: string }) }), ref('Money')] },
  OverlapClosed: {
    allOf: [
      { ...object({ a: string, b: number }), additionalProperties: false },
      object({ a: { const: 'k' }, c: string }),
    ],
  },
  Never: { allOf: [string, number] },
  RecursiveOverlap: { allOf: [ref('ChainA'), ref('ChainB')] },
  UsesAll: object({
    json: ref('Json'),
    list: ref('RecursiveArray'),
    loop: ref('LoopA'),
    base: ref('Base'),
    alias: ref('Alias'),
    pets: { type: 'array', items: { oneOf: [ref('Cat'), ref('Dog')] } },
    order: ref('order'),
  }),
  Cases: object({ lower: ref('foo'), upper: ref('Foo') }),
  Map: { type: 'object', additionalProperties: { type: 'array', items: ref('Money') } },
  MapBeside: { ...object({ a: string, b: ref('Money') }, ['a']), additionalProperties: number },
  MapOfObjects: { type: 'object', additionalProperties: object({ x: number }, ['x']) },
  Patterns: {
    ...object({ plain: string }),
    patternProperties: { '^x-': number, '^y-': { type: 'boolean' } },
    additionalProperties: false,
  },
  PatternsOpen: { type: 'object', patternProperties: { '^[\\w-.]+$': number } },
  Closed: { ...object({ a: string }), additionalProperties: false },
  ClosedEmpty: { type: 'object', additionalProperties: false },
  OpenEmpty: { type: 'object' },
  Weak: object({ a: string, b: number }),
  Undeclared: { type: 'object', required: ['x'] },
  Tuple: object({
    pair: { type: 'array', items: [string, number] },
    three: { type: 'array', prefixItems: [string, number], items: { type: 'boolean' }, minItems: 1 },
    exact: { type: 'array', prefixItems: [string, { enum: [1, 2] }], items: false, minItems: 2 },
  }),
  True: true,
  Empty: {},
  Properties: object({ yes: true, no: false, any: {} }),
  Not: { ...object({ a: { type: ['string', 'number'] } }), not: { required: ['b'] } },
  Conditional: {
    ...object({ kind: { enum: ['a', 'b'] }, a: string, b: number }, ['kind']),
    if: { properties: { kind: { const: 'a' } } },
    // biome-ignore lint/suspicious/noThenProperty: the keyword is called so
    then: { required: ['a'] },
    else: { required: ['b'] },
  },
  Dependent: { ...object({ a: string, b: string }), dependentRequired: { a: ['b'] } },
  Dates: object(
    {
      at: { type: 'string', format: 'date-time' },
      on: { type: 'string', format: 'date' },
      id: { type: 'string', format: 'uuid' },
    },
    ['at'],
  ),
  Sizes: object({
    s: { type: 'string', minLength: 2, maxLength: 4 },
    n: { type: 'integer', minimum: 3, exclusiveMaximum: 9 },
    l: { type: 'array', items: number, minItems: 1, maxItems: 3, uniqueItems: true },
    p: { type: 'string', pattern: '^[A-Z]{2}\\-\\d{3}$' },
  }),
  Draft4: object({
    n: { type: 'number', minimum: 0, exclusiveMinimum: true },
    ex: { type: 'string', example: 'shown' },
  }),
  Unevaluated: {
    allOf: [object({ a: string })],
    properties: { b: number },
    type: 'object',
    unevaluatedProperties: false,
  },
  Described: {
    ...object({ a: { type: 'string', description: '*/ process.exit(1) /*\n@deprecated `x`' } }),
    description: '*/ require("x")\n\n * @param {never} x \u2028 </script>',
    title: 'T',
    deprecated: true,
  },
  Untyped: {
    properties: { nested: { properties: { deep: { items: { properties: { x: string } } } } } },
    required: ['nested'],
  },
  Validator: object({ a: string }, ['a']),
  Record: object({ r: { type: 'object', additionalProperties: string } }, ['r']),
  'foo/bar~baz ../x': object({ a: string }, ['a']),
  '9lives': object({ a: ref('Cat') }, ['a']),
  Deep: {
    type: 'array',
    items: {
      type: 'array',
      items: { type: ['array', 'null'], items: { oneOf: [string, object({ x: number }, ['x'])] } },
    },
  },
  Union: {
    oneOf: [
      object({ a: string }, ['a']),
      object({ b: number }, ['b']),
      string,
      { type: 'array', items: number },
      { type: 'null' },
    ],
  },
  Swapped: object({
    map: {
      type: 'object',
      additionalProperties: {
        oneOf: [
          object({ t: { const: 'x' }, x: string }, ['t', 'x']),
          object({ t: { const: 'y' }, y: { type: 'array', items: object({ z: { enum: ['a', 'b'] } }) } }, ['t']),
        ],
      },
    },
  }),
  Unresolved: object({ gone: ref('Missing'), here: string }),
};
