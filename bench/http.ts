import { createServer as createNodeServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cpus } from 'node:os';
import process from 'node:process';
import { parseArgs } from 'node:util';
import Fastify from 'fastify';
import { CircuitOpenError, type ClientOptions, type HttpServer } from 'seamwright/runtime';
import { withGenerated } from './workspace.js';

interface Item {
  readonly id: string;
  readonly name: string;
  readonly price: number;
  readonly currency: string;
  readonly active: boolean;
  readonly tags: readonly string[];
  readonly notes?: readonly string[];
}

interface Client {
  readonly store: { putItem(request: { readonly id: string; readonly body: Item }): Promise<Item> };
}

interface Generated {
  readonly createShopClients: (options: ClientOptions) => Client;
  readonly createStoreServer: (operations: {
    putItem(call: { readonly body: Item }): { readonly status: 200; readonly body: Item };
  }) => HttpServer;
}

const lanes = 16;
const targets = { 'client 200 B': 0.7, 'client 20 kB': 0.7, 'server of Fastify': 0.8 } as const;

/**
 * A generated client with every policy on against `fetch` by hand, and a generated server against node:http with JSON.parse and against Fastify with its own
 * schema compiler, each pair in turns; and how long a call takes while the breaker is open. `--rounds N` (default 5), `--calls N` (default 4000),
 * `--format json`.
 */
export async function main(): Promise<void> {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: {
      rounds: { type: 'string', default: '5' },
      calls: { type: 'string', default: '4000' },
      format: { type: 'string', default: 'text' },
    },
  });
  const rounds = Number(values.rounds);
  const calls = Number(values.calls);
  const json = values.format === 'json';
  const say = (line: string): void => (json ? undefined : console.log(line));
  say(
    `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown CPU'}; ${calls} calls, ${lanes} at a time, median of ${rounds} rounds`,
  );
  await withGenerated<Generated, void>('http', ['shop/clients.gen.ts', 'store/server.gen.ts'], async (generated) => {
    const echo = await listening(echoServer());
    const fastify = await fastifyServer();
    const own = await generated
      .createStoreServer({ putItem: ({ body }) => ({ status: 200, body }) })
      .listen({ port: 0 });
    try {
      const client = generated.createShopClients({ urls: { store: echo.url } }).store;
      const ratios: Record<string, number> = {};
      for (const [name, item] of [
        ['client 200 B', itemOf(0)],
        ['client 20 kB', itemOf(120)],
      ] as const) {
        ratios[name] = await compared(say, name, rounds, {
          peer: () => rate(calls, () => raw(echo.url, item)),
          ours: () => rate(calls, () => client.putItem({ id: item.id, body: item })),
        });
      }
      const item = itemOf(0);
      for (const [name, peer] of [
        ['server of node:http', echo.url],
        ['server of Fastify', fastify.url],
      ] as const) {
        ratios[name] = await compared(say, name, rounds, {
          peer: () => rate(calls, () => raw(peer, item)),
          ours: () => rate(calls, () => raw(own.url, item)),
        });
      }
      const openP99Ms = await breakerOpen(generated);
      say(`breaker open: p99 ${openP99Ms.toFixed(3)} ms, below 1 ms wanted: ${openP99Ms < 1 ? 'met' : 'MISSED'}`);
      for (const [name, target] of Object.entries(targets)) {
        const ratio = ratios[name] ?? 0;
        say(`${name.padEnd(20)} ${ratio.toFixed(2)}, at least ${target} wanted: ${ratio >= target ? 'met' : 'MISSED'}`);
      }
      if (json) console.log(JSON.stringify({ ratios, targets, openP99Ms }));
    } finally {
      await own.close();
      await fastify.close();
      await echo.close();
    }
  });
}

function itemOf(notes: number): Item {
  const item = {
    id: 'item-17',
    name: 'A sturdy thing for every day',
    price: 1_250,
    currency: 'EUR',
    active: true,
    tags: ['new', 'wood', 'steel'],
  };
  return notes === 0
    ? item
    : { ...item, notes: Array.from({ length: notes }, (_, index) => `${index}`.padEnd(160, '.')) };
}

/** What a call is without help: fetch, a look at the status, JSON.parse. */
async function raw(url: string, item: Item): Promise<Item> {
  const response = await fetch(`${url}/items/${item.id}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(item),
  });
  if (response.status !== 200) throw new Error(`answered ${response.status}`);
  return (await response.json()) as Item;
}

function echoServer(): Server {
  return createNodeServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = JSON.stringify(JSON.parse(Buffer.concat(chunks).toString('utf8')));
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
      response.end(text);
    });
  });
}

async function fastifyServer(): Promise<{ readonly url: string; close(): Promise<void> }> {
  const text = { type: 'string' };
  const schema = {
    type: 'object',
    required: ['id', 'name', 'price', 'currency', 'active', 'tags'],
    properties: {
      ...{ id: { type: 'string', maxLength: 40 }, name: { type: 'string', maxLength: 80 } },
      ...{ price: { type: 'integer', minimum: 0 }, currency: { type: 'string', pattern: '^[A-Z]{3}$' } },
      ...{ active: { type: 'boolean' }, tags: { type: 'array', items: text }, notes: { type: 'array', items: text } },
    },
  };
  const app = Fastify();
  const params = { type: 'object', required: ['id'], properties: { id: { type: 'string', maxLength: 40 } } };
  app.put(
    '/items/:id',
    { schema: { params, body: schema, response: { 200: schema } } },
    async (request) => request.body,
  );
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  return { url, close: () => app.close() };
}

async function listening(server: Server): Promise<{ readonly url: string; close(): Promise<void> }> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The median of the ratios of the rounds, peer and ours in turns; one more round goes before them that is not counted. */
async function compared(
  say: (line: string) => void,
  name: string,
  rounds: number,
  { peer, ours }: { readonly peer: () => Promise<number>; readonly ours: () => Promise<number> },
): Promise<number> {
  const pairs: { readonly peer: number; readonly ours: number }[] = [];
  for (let round = -1; round < rounds; round++) {
    const pair =
      round % 2 === 0 ? { peer: await peer(), ours: await ours() } : { ours: await ours(), peer: await peer() };
    if (round >= 0) pairs.push(pair);
  }
  const middle = (of: (pair: (typeof pairs)[number]) => number): number => {
    const sorted = pairs.map(of).sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  };
  const ratio = middle((pair) => pair.ours / pair.peer);
  say(
    `${name.padEnd(20)} peer ${middle((pair) => pair.peer)
      .toFixed(0)
      .padStart(6)}/s  ours ${middle((pair) => pair.ours)
      .toFixed(0)
      .padStart(6)}/s  ratio ${ratio.toFixed(2)}`,
  );
  return Number(ratio.toFixed(3));
}

async function rate(calls: number, call: () => Promise<unknown>): Promise<number> {
  let left = calls;
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      while (left-- > 0) await call();
    }),
  );
  return calls / ((performance.now() - startedAt) / 1000);
}

/** 99th percentile of calls to a provider that is known to be away. */
async function breakerOpen({ createShopClients }: Generated): Promise<number> {
  const client = createShopClients({ urls: { store: 'http://127.0.0.1:9' } }).store;
  const item = itemOf(0);
  const call = (): Promise<unknown> => client.putItem({ id: item.id, body: item }).catch((error: unknown) => error);
  while (!((await call()) instanceof CircuitOpenError));
  const times: number[] = [];
  for (let index = 0; index < 5_000; index++) {
    const startedAt = performance.now();
    await call();
    times.push(performance.now() - startedAt);
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? Number.NaN;
}
