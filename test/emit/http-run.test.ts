import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateFiles } from '../../generator/pipeline.js';
import { compileErrors } from './compile.js';

const here = dirname(fileURLToPath(import.meta.url));
const contracts = join(here, '../cases/http/01-lone-document');
// Inside the project, so that the generated code finds the runtime by its name.
const output = join(here, `../../.seamwright/test-http-${process.pid}`);
const files = new Map<string, string>();

interface Book {
  readonly isbn: string;
  readonly title: string;
}
type Call = Readonly<Record<'query' | 'headers' | 'body' | 'path', Record<string, unknown>>>;
type Method = (request?: object) => Promise<unknown>;

let client: Record<string, Method>;
let close: () => Promise<void>;
let base: string;
const calls: Call[] = [];

beforeAll(async () => {
  const generated = await generateFiles(contracts, { cwd: contracts, env: {}, today: '2026-01-01' });
  for (const { base: folder, path, content } of generated.files ?? []) {
    if (folder !== 'output') continue;
    files.set(join(output, path), content);
    mkdirSync(dirname(join(output, path)), { recursive: true });
    writeFileSync(join(output, path), content);
  }
  const { createBookshopServer } = await import(join(output, 'bookshop/server.gen.ts'));
  const { createBookshopClient } = await import(join(output, 'http/bookshop.client.gen.ts'));
  const related: Book = { isbn: '9780000000002', title: 'B' };
  const handlers = {
    listBooks: (call: Call) => {
      calls.push(call);
      const isNew = call.query.limit === 7;
      const odd = call.query.limit === 8;
      const book = {
        isbn: '9780000000001',
        title: odd ? 5 : 'A',
        ...(isNew && { addedLater: true, related: [related] }),
      };
      return { status: 200, body: { items: [book], next: null } };
    },
    addBook: (call: Call) => {
      calls.push(call);
      return { status: 201, headers: { Location: '/books/1' } };
    },
    getCover: () => ({ status: 200, body: new Uint8Array([137, 80]) }),
  };
  // What the client makes of a wrong answer is looked at here, so the server has to let it pass.
  const server = createBookshopServer(handlers, { invalidReplies: 'log' });
  const listening = await server.listen();
  base = listening.url;
  close = listening.close;
  client = createBookshopClient({ urls: { bookshop: base } });
});

afterAll(async () => {
  await close();
  rmSync(output, { recursive: true, force: true });
});

describe('a generated client and a generated server', () => {
  it('understand each other', async () => {
    const page = await client.listBooks?.({ genre: ['novel', 'essay'], limit: 20 });
    expect(page).toEqual({ items: [{ isbn: '9780000000001', title: 'A' }], next: null });
    expect(calls.at(-1)?.query).toEqual({ genre: ['novel', 'essay'], limit: 20 });
    expect(
      await client.addBook?.({ idempotencyKey: 'k', body: { isbn: '9780000000001', title: 'A' } }),
    ).toBeUndefined();
    expect(calls.at(-1)?.headers).toEqual({ idempotencyKey: 'k' });
    expect(await client.getCover?.({ isbn: '9780000000001' })).toEqual(new Uint8Array([137, 80]));
  });

  it('the reader tolerates what a provider adds to a closed schema, and nothing that breaks it', async () => {
    expect(await client.listBooks?.({ limit: 7 })).toMatchObject({
      items: [{ addedLater: true, related: [{ title: 'B' }] }],
    });
    await expect(client.listBooks?.({ limit: 8 })).rejects.toThrow('/items/0/title must be string');
  });

  it.each<[string, object, object]>([
    ['a list item', { genre: ['novel', 'poem'] }, { in: 'query', name: 'genre', pointer: '#/1' }],
    ['a number', { limit: 101 }, { in: 'query', name: 'limit', pointer: '#' }],
    ['text for a number', { limit: 'many' }, { in: 'query', name: 'limit', detail: 'must be integer' }],
  ])('the server refuses a parameter that breaks its schema: %s', async (_, request, place) => {
    await expect(client.listBooks?.(request)).rejects.toMatchObject({
      message: 'bookshop.listBooks answered 400, which its contract does not document',
      cause: { problem: { errors: [place] } },
    });
  });

  it.each<[string, unknown, object]>([
    ['a property that the closed schema does not know', { isbn: '9780000000001', title: 'A', x: 1 }, { pointer: '#' }],
    ['a missing property', { isbn: '9780000000001' }, { pointer: '#/title' }],
    [
      'a nested value',
      { isbn: '9780000000001', title: 'A', related: [{ isbn: '1', title: 'B' }] },
      { pointer: '#/related/0/isbn' },
    ],
    ['a value of another type', [], { pointer: '#', detail: 'must be object' }],
  ])('the server refuses a body with %s', async (_, body, place) => {
    // The generated client would not send it.
    const refused = await fetch(`${base}/books`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': 'k' },
      body: JSON.stringify(body),
    });
    expect(refused.status).toBe(422);
    expect(await refused.json()).toMatchObject({ errors: [{ in: 'body', ...place }] });
  });
});

describe('the types of generated code', () => {
  const errorsOf = (text: string) => compileErrors(new Map([...files, [join(output, 'user.ts'), text]]));
  const useClient = (expression: string) =>
    errorsOf(`import { createBookshopClient } from './http/bookshop.client.gen.js';
const client = createBookshopClient();
export const result = ${expression};`);
  const useServer = (handlers: string) =>
    errorsOf(`import { createBookshopServer } from './bookshop/server.gen.js';
export const server = createBookshopServer({ ${handlers} });`);
  const book = "{ isbn: '1', title: 'A' }";
  const handlers = {
    listBooks: `listBooks: ({ query }) => ({ status: 200, body: { items: [{ isbn: String(query.limit), title: query.genre?.[0] ?? '' }] } })`,
    addBook: `addBook: async ({ body, headers, log }) => { log.info({ key: headers.idempotencyKey }, body.title); return { status: 201, headers: { Location: '/' } }; }`,
    getCover: `getCover: () => ({ status: 404 })`,
  };
  const all = Object.values(handlers).join(', ');

  const keyed = `addBook: ({ once }) => once(async (tx) => { await tx.query('select'); return { status: 201, headers: { Location: '/' } }; })`;

  it.each<[string, () => readonly string[]]>([
    ['an answer that is used', () => useClient('client.listBooks().then(({ items }) => items[0]?.title)')],
    [
      'a call with an idempotency key of its own',
      () => useClient(`client.addBook({ idempotencyKey: 'k', body: ${book} })`),
    ],
    ['a call without an idempotency key', () => useClient(`client.addBook({ body: ${book} })`)],
    ['handlers of all operations', () => useServer(all)],
    ['a handler that works once', () => useServer([handlers.listBooks, keyed, handlers.getCover].join(', '))],
  ])('let through %s', (_, check) => {
    expect(check()).toEqual([]);
  });

  it.each<[string, string, () => readonly string[]]>([
    ['an unknown parameter', 'pages', () => useClient('client.listBooks({ pages: 1 })')],
    ['a value outside the enumeration', '"poem"', () => useClient("client.listBooks({ genre: ['poem'] })")],
    [
      'an answer used without asking whether it is there',
      'undefined',
      () => useClient('client.listBooks().then(({ items }) => items[0].title)'),
    ],
    ['a missing handler', 'getCover', () => useServer(`${handlers.listBooks}, ${handlers.addBook}`)],
    ['an undocumented status', '500', () => useServer(all.replace('status: 404', 'status: 500'))],
    ['a body that breaks the contract', 'isbn', () => useServer(all.replace('isbn: String(query.limit), ', ''))],
    ['a missing header that the contract promises', 'Location', () => useServer(all.replace("Location: '/'", ''))],
  ])('refuse %s', (_, word, check) => {
    const errors = check();
    expect(errors.length).toBeGreaterThan(0);
    expect(errors.join('\n')).toContain(word);
  });
});
