import type { Dialect } from '../../../generator/schema/node.js';

/** Writer, whether the reader accepts all of it (`<`), refuses something (`!`) or nobody can tell (`?`), reader. */
type Case = readonly [writer: unknown, sign: '<' | '!' | '?', reader: unknown];

export interface Rows {
  readonly title: string;
  readonly dialect?: Dialect;
  readonly cases: readonly Case[];
}

const list = {
  $ref: '#/$defs/l',
  $defs: { l: { type: 'object', properties: { v: { type: 'integer' }, n: { $ref: '#/$defs/l' } } } },
};
const inlined = {
  type: 'object',
  properties: { v: { type: 'number' }, n: { type: 'object', properties: { v: {}, n: { $ref: '#/$defs/l' } } } },
  $defs: { l: { type: 'object', properties: { v: { type: 'number' }, n: { $ref: '#/$defs/l' } } } },
};

export const rows: readonly Rows[] = [
  {
    title: 'types and values',
    cases: [
      [{ type: 'integer' }, '<', { type: 'number' }],
      [{ type: 'number' }, '!', { type: 'integer' }],
      [{ type: 'number', multipleOf: 2 }, '<', { type: 'integer' }],
      [{ type: ['string', 'null'] }, '!', { type: 'string' }],
      [{ enum: ['a', 1, null] }, '<', { type: ['string', 'number', 'null'] }],
      [{ enum: ['a', 'b'] }, '!', { enum: ['b', 'c'] }],
      [{ type: 'boolean' }, '<', { enum: [true, false] }],
      [{ const: 1.0 }, '<', { type: 'integer', enum: [1] }],
      [{ const: { a: [1, 2] } }, '<', { const: { a: [1, 2] } }],
      [{ const: { a: 1, b: 2 } }, '!', { not: { const: { b: 2, a: 1 } } }],
      [{ const: false }, '!', { const: 0 }],
      [true, '!', false],
      [false, '<', { type: 'string' }],
    ],
  },
  {
    title: 'numbers',
    cases: [
      [{ type: 'number', minimum: 1, maximum: 2 }, '<', { exclusiveMinimum: 0, exclusiveMaximum: 3 }],
      [{ type: 'number', minimum: 1 }, '!', { exclusiveMinimum: 1 }],
      [{ type: 'integer', exclusiveMinimum: 1 }, '<', { minimum: 2 }],
      [{ type: 'integer', minimum: 1, maximum: 3 }, '<', { enum: [1, 2, 3] }],
      [{ type: 'integer', minimum: 1, maximum: 4 }, '!', { enum: [1, 2, 3] }],
      [{ type: 'number' }, '<', { anyOf: [{ maximum: 5 }, { minimum: 5 }] }],
      [{ type: 'number' }, '!', { anyOf: [{ maximum: 5 }, { exclusiveMinimum: 5.5 }] }],
      [{ type: 'number', multipleOf: 6 }, '<', { allOf: [{ multipleOf: 2 }, { multipleOf: 3 }] }],
      [{ allOf: [{ multipleOf: 2 }, { multipleOf: 3 }] }, '<', { multipleOf: 6 }],
      [{ type: 'number', multipleOf: 4 }, '!', { multipleOf: 6 }],
      [{ type: 'number', multipleOf: 0.5, not: { multipleOf: 1 } }, '!', { multipleOf: 0.25, type: 'integer' }],
      [{ type: 'integer', not: { multipleOf: 1 } }, '<', false],
      [{ type: 'integer', minimum: 1e15 }, '!', { maximum: 1e15 }],
      [{ const: 9007199254740992 }, '<', { type: 'integer' }],
    ],
  },
  {
    title: 'texts',
    cases: [
      [{ type: 'string', minLength: 3 }, '<', { minLength: 2 }],
      [{ type: 'string', maxLength: 3 }, '!', { maxLength: 2 }],
      [{ const: '💩💩' }, '<', { maxLength: 2 }],
      [{ type: 'string', pattern: '^[a-c]{2,3}$' }, '<', { pattern: '^[a-z]+$', minLength: 2, maxLength: 3 }],
      [{ type: 'string', pattern: '^[a-z]+$' }, '!', { pattern: '^[a-y]+$' }],
      [{ type: 'string', pattern: '^a', allOf: [{ pattern: 'z$' }] }, '<', { minLength: 2 }],
      [{ type: 'string', maxLength: 0 }, '<', { const: '' }],
      [{ type: 'string', format: 'date' }, '<', { format: 'date' }],
      [{ type: 'string' }, '!', { format: 'date-time' }],
      [{ type: 'string', format: 'made-up' }, '!', { maxLength: 3 }],
      [{ type: 'string' }, '<', { format: 'made-up', contentMediaType: 'application/json', contentEncoding: 'base64' }],
      [{ type: 'integer', format: 'int32' }, '<', { maximum: 2147483647 }],
      [{ type: 'string', pattern: '(a)\\1' }, '?', { pattern: 'aa|bb' }],
    ],
  },
  {
    title: 'objects',
    cases: [
      [{ type: 'object', required: ['a', 'b'] }, '<', { required: ['b'], minProperties: 2 }],
      [{ required: ['a'] }, '!', { type: 'object' }],
      [{ properties: { a: { type: 'integer' } } }, '<', { properties: { a: { type: 'number' } } }],
      [{ properties: { a: false } }, '<', { properties: { a: { type: 'number' } } }],
      [{ type: 'object' }, '!', { properties: { a: {}, b: { type: 'string' } } }],
      [{ additionalProperties: { type: 'integer' } }, '<', { properties: { a: { type: 'number' } } }],
      [{ properties: { a: {} }, additionalProperties: false }, '<', { maxProperties: 1 }],
      [{ properties: { a: {} }, additionalProperties: false }, '!', { maxProperties: 0 }],
      [{ patternProperties: { '^a': { type: 'string' } } }, '<', { properties: { ab: { type: 'string' } } }],
      [{ patternProperties: { '^a': { type: 'string' } } }, '!', { patternProperties: { b: { type: 'string' } } }],
      [
        { patternProperties: { '^[ab]': { type: 'string' } } },
        '<',
        { patternProperties: { '^a': { type: 'string' } } },
      ],
      [{ propertyNames: { maxLength: 2 } }, '<', { properties: { abc: false } }],
      [{ propertyNames: { enum: ['a', 'b'] } }, '<', { maxProperties: 2 }],
      [{ propertyNames: { enum: ['a', 'b'] } }, '!', { maxProperties: 1 }],
      [{ type: 'object', minProperties: 1, additionalProperties: false }, '<', false],
      [
        { dependentRequired: { a: ['b'] }, required: ['a'] },
        '<',
        { anyOf: [{ not: { type: 'object' } }, { required: ['b'] }] },
      ],
      [{ dependentSchemas: { a: { required: ['b'] } } }, '<', { dependentRequired: { a: ['b'] } }],
      [{ dependentRequired: { a: ['b'] } }, '!', { dependentRequired: { a: ['b', 'c'] } }],
      [{ type: 'object', required: ['toString'] }, '<', { required: ['toString'] }],
      [
        { properties: { constructor: { type: 'number' } } },
        '<',
        { properties: { constructor: { type: ['number', 'null'] } } },
      ],
    ],
  },
  {
    title: 'arrays',
    cases: [
      [{ type: 'array', items: { type: 'integer' } }, '<', { items: { type: 'number' } }],
      [{ type: 'array', items: { type: 'number' } }, '!', { items: { type: 'integer' } }],
      [{ items: false }, '<', { maxItems: 0 }],
      [
        { prefixItems: [{ type: 'integer' }], items: { type: 'string' } },
        '<',
        { items: { type: ['integer', 'string'] } },
      ],
      [{ prefixItems: [{}, false] }, '<', { maxItems: 1 }],
      [{ prefixItems: [{}, {}] }, '!', { maxItems: 2 }],
      [{ type: 'array', minItems: 1, items: { const: 1 } }, '<', { contains: { const: 1 } }],
      [{ contains: { const: 1 }, minContains: 2 }, '<', { minItems: 2 }],
      [{ contains: { const: 1 } }, '<', { contains: { type: 'integer' } }],
      [{ contains: { type: 'integer' } }, '!', { contains: { const: 1 } }],
      [{ contains: { const: 1 }, minContains: 3 }, '!', { contains: {}, maxContains: 3 }],
      [
        { contains: { type: 'integer' }, maxContains: 1, minContains: 0 },
        '<',
        { contains: { const: 1 }, maxContains: 1, minContains: 0 },
      ],
      [{ uniqueItems: true, items: { type: 'boolean' } }, '<', { maxItems: 2 }],
      [{ items: { type: 'boolean' } }, '!', { uniqueItems: true }],
      [{ type: 'array', items: { type: 'boolean' }, minItems: 3 }, '<', { not: { uniqueItems: true } }],
      [{ const: [1, 1] }, '!', { uniqueItems: true }],
      [{ maxItems: 1 }, '<', { uniqueItems: true }],
    ],
  },
  {
    title: 'combinations',
    cases: [
      [{ allOf: [{ type: 'string' }, { maxLength: 3 }] }, '<', { type: 'string', maxLength: 4 }],
      [{ anyOf: [{ const: 1 }, { const: 'a' }] }, '<', { type: ['integer', 'string'] }],
      [{ type: ['integer', 'string'] }, '<', { anyOf: [{ type: 'integer' }, { type: 'string' }] }],
      [{ oneOf: [{ type: 'integer' }, { minimum: 2 }] }, '!', { type: 'integer' }],
      [{ type: 'integer', minimum: 3 }, '!', { oneOf: [{ type: 'integer' }, { minimum: 2 }] }],
      [{ type: 'integer' }, '<', { oneOf: [{ type: 'integer' }, { type: 'string' }] }],
      [{ not: { type: 'string' } }, '<', { not: { type: 'string', minLength: 1 } }],
      [{ not: { type: 'string', minLength: 1 } }, '!', { not: { type: 'string' } }],
      [true, '<', { anyOf: [{ required: ['a'] }, { not: { required: ['a'] } }] }],
      // biome-ignore lint/suspicious/noThenProperty: the keyword is called so
      [{ if: { type: 'integer' }, then: { minimum: 1 }, else: false }, '<', { type: 'integer', minimum: 0 }],
      // biome-ignore lint/suspicious/noThenProperty: the keyword is called so
      [{ if: { type: 'integer' }, then: { minimum: 1 } }, '!', { type: 'integer' }],
      [
        { required: ['k', 'v'], properties: { k: { enum: ['a', 'b'] }, v: { type: 'string' } }, type: 'object' },
        '<',
        {
          oneOf: [
            { required: ['k'], properties: { k: { const: 'a' }, v: { type: 'string' } } },
            { required: ['k'], properties: { k: { const: 'b' } } },
          ],
        },
      ],
      [
        { type: 'object', required: ['k'], properties: { k: { enum: ['a', 'b', 'c'] } } },
        '!',
        { oneOf: [{ properties: { k: { const: 'a' } } }, { properties: { k: { const: 'b' } } }] },
      ],
    ],
  },
  {
    title: 'references and recursion',
    cases: [
      [list, '<', inlined],
      [inlined, '!', list],
      [{ $ref: '#/$defs/a', $defs: { a: { type: 'string' } } }, '<', { type: 'string' }],
      [{ $ref: 'urn:t', $defs: { a: { $id: 'urn:t', type: 'string' } } }, '<', { type: 'string' }],
      [
        { $ref: '#n', maxLength: 3, $defs: { a: { $anchor: 'n', type: 'string' } } },
        '<',
        { type: 'string', maxLength: 3 },
      ],
      [
        { $id: 'https://x.example/a/', $ref: 'b#/$defs/c', $defs: { b: { $id: 'b', $defs: { c: { const: 1 } } } } },
        '<',
        { const: 1 },
      ],
      [{ type: 'object', required: ['a'], properties: { a: { $ref: '#' } } }, '<', false],
      [{ $ref: 'https://json-schema.org/draft/2020-12/schema' }, '<', { type: ['object', 'boolean'] }],
      [{ $ref: 'https://json-schema.org/draft/2020-12/schema' }, '!', { properties: { minLength: { minimum: 1 } } }],
      [{ const: { minLength: -1 } }, '!', { $ref: 'https://json-schema.org/draft/2020-12/schema' }],
      [{ $ref: 'https://elsewhere.example/schema' }, '?', { type: 'string' }],
      [
        {
          $id: 'https://x.example/l',
          $dynamicAnchor: 'n',
          type: 'object',
          properties: { c: { $dynamicRef: '#n' } },
          additionalProperties: false,
        },
        '<',
        { type: 'object', properties: { c: { type: 'object', maxProperties: 1 } } },
      ],
    ],
  },
  {
    title: 'what nobody has evaluated',
    cases: [
      [{ allOf: [{ properties: { a: {} } }], unevaluatedProperties: false }, '<', { maxProperties: 1 }],
      [
        { allOf: [{ properties: { a: {} } }], properties: { b: {} }, unevaluatedProperties: false },
        '!',
        { maxProperties: 1 },
      ],
      [
        {
          type: 'object',
          anyOf: [{ required: ['a'], properties: { a: {} } }, { properties: { b: {} } }],
          unevaluatedProperties: false,
        },
        '<',
        { properties: { a: {}, b: {} }, additionalProperties: false },
      ],
      [{ allOf: [{ prefixItems: [{}] }], unevaluatedItems: false }, '<', { maxItems: 1 }],
      [{ type: 'array', unevaluatedItems: { type: 'string' } }, '<', { items: { type: 'string' } }],
      [{ type: 'object', unevaluatedProperties: { type: 'string' } }, '!', { additionalProperties: false }],
    ],
  },
  {
    title: 'where Ajv differs from the specification, or from itself',
    cases: [
      // Only with one of its settings does Ajv accept [] here: proven, and yet validators let it pass.
      [{ prefixItems: [false], contains: true }, '?', { contains: true }],
      // In the list, Ajv accepts an empty array after a good one: proven, and yet validators let it pass.
      [
        { items: { contains: { anyOf: [{ type: 'string' }, { maximum: 3, multipleOf: 2 }] } } },
        '!',
        { items: { minItems: 1 } },
      ],
      // Ajv divides binary fractions: 0.57 is a multiple of the one and not of the other.
      [{ type: 'number', multipleOf: 0.03 }, '!', { multipleOf: 0.01 }],
    ],
  },
  {
    title: 'draft-07',
    dialect: 'draft-07',
    cases: [
      [{ items: [{ type: 'integer' }], additionalItems: false }, '<', { maxItems: 1 }],
      [
        { dependencies: { a: ['b'], c: { required: ['d'] } }, required: ['a', 'c'] },
        '<',
        { required: ['a'], dependencies: { a: ['b'] } },
      ],
      [{ type: 'array', prefixItems: [false] }, '!', { maxItems: 0 }],
      [{ definitions: { a: { $id: '#a', type: 'string' } }, $ref: '#a' }, '<', { type: 'string' }],
      // What stands beside "$ref" counts for validators and not for the specification: only both together are a proof.
      [{ $ref: '#/definitions/a', maxLength: 1, definitions: { a: { type: 'string' } } }, '?', { maxLength: 1 }],
      [
        { $ref: '#/definitions/a', description: 'one', definitions: { a: { type: 'string' } } },
        '<',
        { type: 'string' },
      ],
      [{ $ref: 'http://json-schema.org/draft-07/schema#' }, '<', { type: ['object', 'boolean'] }],
    ],
  },
  {
    title: 'choices that were taken back leave nothing behind',
    cases: [
      [
        { anyOf: [{ minLength: 3, maxLength: 3 }, { pattern: '^[a-c]{1,3}$' }] },
        '!',
        { oneOf: [{ type: 'string', minLength: 3, maxLength: 3 }] },
      ],
      [
        { oneOf: [{ minimum: -2 }, { oneOf: [{ type: 'integer' }, { not: { multipleOf: 2 } }] }, { type: 'array' }] },
        '!',
        {
          oneOf: [
            { type: 'number', minimum: -2 },
            { oneOf: [{ type: 'number' }, { not: { type: 'number', maximum: 6.5, multipleOf: 2 } }] },
            { type: 'array' },
          ],
        },
      ],
    ],
  },
  {
    title: 'mistakes of validators',
    cases: [
      // With "allErrors" it does not forget "contains" where a list ends before the tuple does, and without it does.
      [
        { type: 'array', prefixItems: [{ type: 'integer' }, { type: 'integer' }], contains: { const: 7 } },
        '?',
        { contains: { const: 7 } },
      ],
      // Below "not" it always forgets it.
      [
        { type: 'array', maxItems: 1, not: { contains: { const: 7 } } },
        '!',
        { not: { prefixItems: [{ type: 'integer' }, { type: 'integer' }], contains: { const: 7 } } },
      ],
      // A condition that does not hold has evaluated nothing; it takes the property for evaluated all the same.
      [
        {
          anyOf: [
            true,
            true,
            { if: { type: 'null', anyOf: [true, { properties: { a: true } }] }, else: { type: 'array' } },
          ],
          unevaluatedProperties: { type: 'number', minimum: 3 },
        },
        '!',
        { unevaluatedProperties: { type: 'number' } },
      ],
    ],
  },
  {
    title: 'draft-04 and OpenAPI 3.0',
    dialect: 'openapi-3.0',
    cases: [
      [{ type: 'number', minimum: 1, exclusiveMinimum: true }, '<', { type: 'number', minimum: 1 }],
      [{ type: 'string', nullable: true }, '<', { anyOf: [{ type: 'string' }, { type: 'string', nullable: true }] }],
    ],
  },
];
