import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { components, payloads } from './messages/nasty.js';
import { catalogueMessages, generate, memoryCache, modelOf, type Schemas } from './messages/plan.js';

const string = { type: 'string' };
const object = (properties: Schemas, required: readonly string[] = []) => ({ type: 'object', properties, required });

/** The declarations of one message's module, without its header. */
async function typesOf(schema: unknown, shared: Schemas = {}): Promise<string> {
  const { text } = await generate(modelOf({ M: schema }, shared));
  return (text.get('messages/M.gen.ts') ?? '').split('\n').slice(1).join('\n').trim();
}

describe('types', () => {
  it.each<[string, unknown, string]>([
    [
      'required, optional and documented properties',
      object(
        {
          id: { ...string, description: 'The id.' },
          old: { ...string, deprecated: true },
          'foo-bar': { type: 'integer' },
        },
        ['id'],
      ),
      "export interface M {\n  /** The id. */\n  id: string;\n  /** @deprecated */\n  old?: string;\n  'foo-bar'?: number;\n}",
    ],
    [
      'nested objects and enumerations under their path',
      object({ lines: { type: 'array', items: object({ unit: { enum: ['kg', 'lb'] } }, ['unit']) } }, ['lines']),
      "export interface M {\n  lines: readonly MLinesItem[];\n}\n\nexport interface MLinesItem {\n  unit: MLinesItemUnit;\n}\n\nexport type MLinesItemUnit = 'kg' | 'lb';",
    ],
    [
      'unions told apart by a constant',
      {
        oneOf: [
          object({ kind: { const: 'card' }, no: string }, ['kind', 'no']),
          object({ kind: { const: 'cash' } }, ['kind']),
        ],
      },
      "export type M = MCard | MCash;\n\nexport interface MCard {\n  kind: 'card';\n  no: string;\n}\n\nexport interface MCash {\n  kind: 'cash';\n}",
    ],
    ['objects that may hold anything', object({ a: string }), 'export type M = object & {\n  a?: string;\n};'],
    [
      'maps',
      { type: 'object', additionalProperties: { type: ['number', 'null'] } },
      'export type M = { [key: string]: number | null };',
    ],
    [
      'maps beside properties',
      { ...object({ a: string }, ['a']), additionalProperties: { type: 'number' } },
      'export interface M {\n  a: string;\n  [key: string]: number | string;\n}',
    ],
    [
      'tuples',
      { type: 'array', prefixItems: [string, { type: 'number' }], items: false, minItems: 1 },
      'export type M = readonly [string, number?];',
    ],
    [
      'alternatives that only require',
      { ...object({ a: string, b: string }), anyOf: [{ required: ['a'] }, { required: ['b'] }] },
      'export type M = MOption1 | MOption2;\n\nexport interface MOption1 {\n  a: string;\n  b?: string;\n}\n\nexport interface MOption2 {\n  a?: string;\n  b: string;\n}',
    ],
    [
      'overlapping parts',
      { allOf: [object({ a: string }, ['a']), object({ a: { enum: ['x', 'y', 1] }, b: string })] },
      "export interface M {\n  a: MA;\n  b?: string;\n}\n\nexport type MA = 'x' | 'y';",
    ],
    ['parts that exclude each other', { allOf: [string, { type: 'number' }] }, 'export type M = never;'],
    [
      'what no type can say',
      // biome-ignore lint/suspicious/noThenProperty: the keyword is called so
      { ...object({ a: string }, ['a']), not: { required: ['b'] }, if: { required: ['c'] }, then: { required: ['d'] } },
      'export interface M {\n  a: string;\n}',
    ],
  ])('%s', async (_name, schema, expected) => {
    expect(await typesOf(schema)).toBe(expected);
  });

  it('write recursion through references, allOf and arrays', async () => {
    const shared = {
      Node: object(
        { id: string, child: { allOf: [{ $ref: '#/components/schemas/Node' }, object({ extra: string }, ['extra'])] } },
        ['id'],
      ),
      Json: { anyOf: [string, { type: 'array', items: { $ref: '#/components/schemas/Json' } }] },
    };
    const { text } = await generate(
      modelOf(
        {
          M: object({ node: { $ref: '#/components/schemas/Node' }, json: { $ref: '#/components/schemas/Json' } }, [
            'node',
          ]),
        },
        shared,
      ),
    );
    expect(text.get('messages/M.gen.ts')).toContain(
      "import type { Json } from './Json.gen.js';\nimport type { Node } from './Node.gen.js';\n",
    );
    expect(text.get('messages/Json.gen.ts')).toContain('export type Json = string | readonly Json[];');
    expect(text.get('messages/Node.gen.ts')).toContain(
      'export interface NodeChild {\n  id: string;\n  child?: NodeChild;\n  extra: string;\n}',
    );
  });
});

describe('files', () => {
  it('are one module of types and one validator for each message and shared schema, and an index', async () => {
    const { text, types, schema } = await generate(
      modelOf(
        {
          Paid: { $ref: '#/components/schemas/Payment' },
          Order: object({ of: { $ref: '#/components/schemas/Payment' } }),
        },
        { Payment: string },
      ),
    );
    expect([...text.keys()].sort()).toEqual(
      ['Order', 'Paid', 'Payment']
        .flatMap((name) => [`messages/${name}.gen.ts`, `messages/${name}.validate.gen.ts`])
        .concat('messages/index.gen.ts')
        .sort(),
    );
    expect(text.get('messages/Paid.gen.ts')).toContain('export type Paid = Payment;');
    expect(types.message('Paid')).toEqual({
      typeName: 'Paid',
      module: 'messages/Paid.gen',
      validator: 'validatePaid',
      validatorModule: 'messages/Paid.validate.gen',
    });
    expect(types.message('Payment')).toBeUndefined();
    expect(schema({ file: '/contracts/asyncapi.yaml', pointer: '/components/schemas/Payment' })?.module).toBe(
      'messages/Payment.gen',
    );
    expect(schema({ file: '/contracts/asyncapi.yaml', pointer: '/components/schemas/Gone' })).toBeUndefined();
    expect(text.get('messages/index.gen.ts')).toContain(
      "export type { Paid } from './Paid.gen.js';\nexport { validatePaid } from './Paid.validate.gen.js';\n",
    );
  });

  it('keep to their folder and differ in more than case, whatever contracts are called', async () => {
    const names = [
      '../../etc/passwd',
      'order',
      'Order',
      'ORDER',
      'Validator',
      'a/b',
      'a-b',
      '',
      '9',
      'Record',
      'MessageDefinition',
      'é',
      'con',
    ];
    const { text } = await generate(
      modelOf(Object.fromEntries(names.map((name, index) => [name, { type: 'string', minLength: index }]))),
    );
    const paths = [...text.keys()];
    for (const path of paths) expect(path).toMatch(/^messages\/[\p{L}_$][\p{L}\p{N}_$]*(\.validate)?\.gen\.ts$/u);
    expect(new Set(paths.map((path) => path.toLowerCase())).size).toBe(2 * names.length + 1);
  });

  it('are the same bytes each time, with and without a cache, and a changed message renders only itself', async () => {
    const cache = memoryCache();
    const first = await generate(modelOf(payloads, components), cache);
    const writes = cache.entries.size;
    const again = await generate(modelOf(payloads, components), cache);
    expect([...again.text]).toEqual([...first.text]);
    expect([...(await generate(modelOf(payloads, components))).text]).toEqual([...first.text]);
    expect(cache.entries.size).toBe(writes);
    await generate(modelOf({ ...payloads, Weak: object({ a: string, c: string }) }, components), cache);
    expect(cache.entries.size).toBe(writes + 2);
  });

  it('hold no code of the contract', async () => {
    const nasty = '*/ throw new Error("out"); /*\n`$\u007bglobalThis.x = 1}`\u2028require("x")';
    const { text } = await generate(
      modelOf({
        M: {
          ...object({ [nasty]: { description: nasty, enum: [nasty, 'b'] }, c: { const: nasty } }, [nasty]),
          description: nasty,
          title: nasty,
        },
      }),
    );
    for (const [path, content] of text) {
      expect(content, path).not.toContain('\u2028');
      expect(wordsOf(content), path).not.toEqual(
        expect.arrayContaining([expect.stringMatching(/^(throw|globalThis|require|Error)$/)]),
      );
    }
  });
});

/** Every word of a program that is neither in a string nor in a comment. */
function wordsOf(program: string): readonly string[] {
  const scanner = ts.createScanner(ts.ScriptTarget.ES2022, true, ts.LanguageVariant.Standard, program);
  const words: string[] = [];
  for (let token = scanner.scan(); token !== ts.SyntaxKind.EndOfFileToken; token = scanner.scan()) {
    if (token === ts.SyntaxKind.Identifier || ts.tokenToString(token) === scanner.getTokenText())
      words.push(scanner.getTokenText());
  }
  return words;
}

describe('findings', () => {
  it('tell what of a schema could not be used, at its place', async () => {
    const { findings } = await generate(
      modelOf({
        M: object({
          gone: { $ref: '#/components/schemas/Gone' },
          bad: { type: 'string', pattern: '(' },
          loose: { properties: {} },
          odd: { typ: 'string' },
        }),
      }),
    );
    expect(
      findings.map(({ rule, severity, at, fix }) => ({ rule, severity, at: at.file, fixed: fix !== undefined })),
    ).toEqual([
      {
        rule: 'schema-ref-unresolved',
        severity: 'error',
        at: 'asyncapi.yaml/components/messages/M/payload/properties/gone',
        fixed: true,
      },
      {
        rule: 'schema-pattern-invalid',
        severity: 'warning',
        at: 'asyncapi.yaml/components/messages/M/payload/properties/bad',
        fixed: true,
      },
      {
        rule: 'schema-type-implied',
        severity: 'info',
        at: 'asyncapi.yaml/components/messages/M/payload/properties/loose',
        fixed: true,
      },
      {
        rule: 'schema-keyword-unknown',
        severity: 'info',
        at: 'asyncapi.yaml/components/messages/M/payload/properties/odd',
        fixed: true,
      },
    ]);
  });

  it('tell payloads that are no JSON Schema; their type is unknown', async () => {
    const model = modelOf({ M: object({}) });
    const [message] = model.messages.values();
    if (!message) throw new Error('no message');
    const avro = {
      ...message,
      definition: { ...message.definition, schemaFormat: 'application/vnd.apache.avro;version=1.9.0' },
    };
    const { text, findings } = await generate({ ...model, messages: new Map([['M', avro]]) });
    expect(findings.map(({ rule }) => rule)).toEqual(['message-format']);
    expect(text.get('messages/M.gen.ts')).toContain('export type M = unknown;');
  });
});

describe('catalogueMessages', () => {
  it('gives messages their own names before components', () => {
    const { names, types } = catalogueMessages(
      modelOf({ order: object({ of: { $ref: '#/components/schemas/Order' } }) }, { Order: string }),
    );
    expect(types.message('order')?.typeName).toBe('Order');
    expect([...names.values()].sort()).toEqual(['Order', 'Order2']);
  });
});
