import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { HttpModel } from '../../generator/emit/http/documents.js';
import { planHttpTypes } from '../../generator/emit/outputs/http-types.js';
import { loadWorkspace } from '../../generator/load/workspace.js';
import { buildModel } from '../../generator/model/build.js';

const here = dirname(fileURLToPath(import.meta.url));
const file = join(here, '../cases/http/01-lone-document/bookshop.openapi.yaml');

/** The bookshop with other component schemas: an overlay, so that each test shows its own. */
async function modelOf(schemas: Readonly<Record<string, unknown>>): Promise<HttpModel> {
  const document = {
    openapi: '3.1.0',
    info: { title: 'Bookshop', version: '1.0.0' },
    paths: { '/': { get: { operationId: 'get', responses: { 204: { description: 'None.' } } } } },
    components: { schemas },
  };
  const folder = dirname(file);
  const overlay = new Map([[file, JSON.stringify(document)]]);
  const { workspace } = await loadWorkspace(folder, { cwd: folder, validate: 'fast', overlay });
  if (workspace === undefined) throw new Error('the document was not read');
  return buildModel(workspace).model;
}

function memory() {
  const kept = new Map<string, string>();
  let written = 0;
  const cache = {
    get: (key: string) => kept.get(key),
    set: (key: string, value: string) => {
      written++;
      kept.set(key, value);
    },
  };
  return { cache, written: () => written };
}

/** Printed types by name, white space collapsed. */
async function printed(schemas: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, string>>> {
  const { files } = await planHttpTypes(await modelOf(schemas), memory().cache);
  const types = files.find(({ template }) => template === 'http-types')?.view.types as readonly { text: string }[];
  return Object.fromEntries(
    types.map(({ text }) => {
      const [, name = '', rest = ''] = /^(?:interface|type) (\w+)(.*)$/s.exec(text) ?? [];
      return [name, rest.replace(/\s+/g, ' ').replace(/^ (= )?|;$/g, '')];
    }),
  );
}

const object = (properties: object, more: object = {}) => ({ type: 'object', properties, ...more });
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

describe('types of schemas', () => {
  it.each<[string, unknown, string]>([
    ['null as a constant', { const: null }, 'null'],
    ['a constant', { const: "it's" }, `"it's"`],
    ['an enumeration with null', { enum: ['a', 1, null, true] }, '"a" | 1 | null | true'],
    ['several types', { type: ['string', 'null'] }, 'string | null'],
    ['an open object', { type: 'object' }, 'Record<string, unknown>'],
    [
      'an object without any property',
      { type: 'object', additionalProperties: false },
      '{ readonly [key: string]: never; }',
    ],
    [
      'a dictionary',
      { type: 'object', additionalProperties: { type: 'integer' } },
      '{ readonly [key: string]: number; }',
    ],
    [
      'a fixed tuple',
      { type: 'array', prefixItems: [{ type: 'string' }, { type: 'null' }], items: false, minItems: 2 },
      'readonly [ string, null ]',
    ],
    ['an open tuple', { type: 'array', prefixItems: [{ type: 'string' }], minItems: 1 }, 'readonly unknown[]'],
    ['a list that holds itself', { type: ['array', 'string'], items: ref('T') }, 'string | readonly T[]'],
    ['a union that holds itself', { anyOf: [{ type: 'string' }, ref('T')] }, 'unknown'],
    ['nothing', false, 'never'],
    ['anything', true, 'unknown'],
  ])('%s', async (_, schema, type) => {
    expect((await printed({ T: schema })).T).toBe(type);
  });

  it.each<[string, unknown, string]>([
    [
      'what a part requires',
      object({ a: { type: 'string' } }, { allOf: [{ required: ['a'] }] }),
      '{ readonly a: string; }',
    ],
    [
      'a default leaves a property optional',
      object({ a: { default: 1, type: 'number' }, b: { type: 'number' } }, { required: ['b'] }),
      '{ readonly a?: number; readonly b: number; }',
    ],
    ['a key that is no identifier', object({ 'a-b': true }, { required: ['a-b'] }), '{ readonly "a-b": unknown; }'],
    [
      'a documented key',
      object({ a: { description: 'x */ y\nz' } }, { required: ['a'] }),
      '{ /** x *\\/ y z */ readonly a: unknown; }',
    ],
    [
      'typed keys beside declared ones',
      object({ a: { type: 'string' } }, { required: ['a'], additionalProperties: { type: 'number' } }),
      '{ readonly a: string; } & { readonly [key: string]: number | string; }',
    ],
  ])('%s', async (_, schema, type) => {
    expect((await printed({ T: schema })).T).toBe(type);
  });

  it('alternatives keep their constants, whatever a discriminator without mapping says', async () => {
    const types = await printed({
      Card: object({ kind: { const: 'card' } }, { required: ['kind'] }),
      Cash: object({ kind: { const: 'cash' } }, { required: ['kind'] }),
      Payment: { oneOf: [ref('Card'), ref('Cash')], discriminator: { propertyName: 'kind' } },
    });
    expect(types).toEqual({
      Card: '{ readonly kind: "card"; }',
      Cash: '{ readonly kind: "cash"; }',
      Payment: 'Card | Cash',
    });
  });

  it('have names of their own, also when they are nested', async () => {
    const nested = (type: string) =>
      object(
        { lines: { type: 'array', items: object({ q: { type } }, { required: ['q'] }) } },
        { required: ['lines'] },
      );
    const types = await printed({
      order: nested('string'),
      Order: nested('number'),
      OrderLinesItem: { type: 'boolean' },
    });
    expect(Object.keys(types)).toHaveLength(5);
    expect(Object.values(types).filter((type) => type.includes('readonly q:'))).toHaveLength(2);
  });
});

describe('the cache', () => {
  it('spares the second run everything, and a changed document only its own part', async () => {
    const { cache, written } = memory();
    const first = await planHttpTypes(await modelOf({ T: object({ a: { type: 'string' } }) }), cache);
    const after = written();
    expect(after).toBeGreaterThan(0);
    const second = await planHttpTypes(await modelOf({ T: object({ a: { type: 'string' } }) }), cache);
    expect(written()).toBe(after);
    expect(second.files).toEqual(first.files);
    await planHttpTypes(await modelOf({ T: object({ a: { type: 'number' } }) }), cache);
    expect(written()).toBe(after + 1);
  });
});
