import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assertApiMatchesContract, ContractMismatchError } from '../../../harness/index.js';

/** A service that nobody generated: things by id, kept in a map. Each test breaks one line of it. */
const contract = {
  openapi: '3.1.0',
  info: { title: 'things', version: '1.0.0' },
  paths: {
    '/things': {
      post: {
        operationId: 'createThing',
        requestBody: {
          required: true,
          content: { 'application/json': { schema: { $ref: '#/components/schemas/NewThing' } } },
        },
        responses: {
          201: {
            description: 'made',
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } },
          },
          400: { description: 'refused' },
        },
      },
    },
    '/things/{thingId}': {
      get: {
        operationId: 'getThing',
        parameters: [{ name: 'thingId', in: 'path', required: true, schema: { type: 'string' } }],
        responses: {
          200: {
            description: 'it',
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } },
          },
          404: { description: 'none' },
        },
      },
    },
  },
  components: {
    schemas: {
      NewThing: { type: 'object', required: ['name'], properties: { name: { type: 'string', minLength: 1 } } },
      Thing: {
        type: 'object',
        required: ['id', 'name'],
        properties: { id: { type: 'string' }, name: { type: 'string' } },
      },
    },
  },
};

type Answer = (given: unknown, send: (status: number, body?: unknown) => void) => void;

const keeps: { create: Answer; read: (thing: unknown, send: Parameters<Answer>[1]) => void } = {
  create: (given, send) => {
    const name = typeof given === 'object' && given !== null ? Reflect.get(given, 'name') : undefined;
    if (typeof name !== 'string' || name === '') send(400);
    else send(201, { id: 't1', name });
  },
  read: (thing, send) => (thing === undefined ? send(404) : send(200, thing)),
};

let server: Server;
let url = '';
let behaviour = keeps;
const asked: string[] = [];

beforeAll(async () => {
  const things = new Map<string, unknown>();
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const send = sender(response);
      if (request.method === 'GET')
        return behaviour.read(things.get(String(request.url).slice('/things/'.length)), send);
      behaviour.create(JSON.parse(Buffer.concat(chunks).toString()), (status, body) => {
        if (status === 201) things.set('t1', body);
        send(status, body);
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

function sender(response: ServerResponse): Parameters<Answer>[1] {
  return (status, body) => {
    response.writeHead(status, body === undefined ? {} : { 'content-type': 'application/json' });
    response.end(body === undefined ? undefined : JSON.stringify(body));
  };
}

async function problems(broken: Partial<typeof keeps>): Promise<readonly string[]> {
  behaviour = { ...keeps, ...broken };
  try {
    await assertApiMatchesContract(url, { document: contract });
    return [];
  } catch (error) {
    if (error instanceof ContractMismatchError)
      return error.problems.map(({ operation, sentence }) => `${operation}: ${sentence}`);
    throw error;
  }
}

describe('an API compared with its contract', () => {
  it('holds for a service that keeps it, and reads what it has created', async () => {
    asked.length = 0;
    expect(await problems({})).toEqual([]);
    expect(asked).toContain('GET /things/t1');
  });

  it.each<[string, Partial<typeof keeps>, RegExp]>([
    [
      'a status that is not documented',
      { create: (_, send) => send(200, {}) },
      /^createThing: 200 is no documented status; there are 201, 400$/,
    ],
    [
      'a body that the schema refuses',
      { read: (_, send) => send(200, { id: 7, name: 'x' }) },
      /^getThing: \/id must be string/,
    ],
    [
      'a body where a property is missing',
      { read: (_, send) => send(200, { id: 't1' }) },
      /^getThing: the body must have required property 'name'/,
    ],
    [
      'invalid input that is taken',
      { create: (_, send) => send(201, { id: 't1', name: 'x' }) },
      /^createThing: "name" is missing, and it was answered 201: it must be refused$/,
    ],
    [
      'invalid input that it falls over',
      {
        create: (given, send) =>
          Reflect.get(Object(given), 'name') === undefined ? send(500) : keeps.create(given, send),
      },
      /^createThing: "name" is missing, and it was answered 500/,
    ],
  ])('finds %s', async (_, broken, expected) => {
    expect(await problems(broken)).toContainEqual(expect.stringMatching(expected));
  });

  it('says that nobody answers', async () => {
    await expect(assertApiMatchesContract('http://127.0.0.1:9', { document: contract })).rejects.toThrow(
      /no answer came: .*(refused|bad port)/i,
    );
  });
});
