import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ClientOptions, developmentKeys, serviceTokens } from 'seamwright/runtime';
import { eventually } from '../../harness/live/servers/server.js';
import { type TcpProxy, tcpProxy } from '../../harness/live/tcp-proxy.js';
import type { VirtualClock } from '../../harness/virtual-clock.js';
import { createApiGatewayApp } from '../../services/mesh/api-gateway/create.js';
import { createServiceAApp } from '../../services/mesh/service-a/create.js';

/**
 * api-gateway and service-a on real sockets, with a line to service-b that can be disturbed. Time is the clock's: no test waits for a timeout, and none is late
 * because the machine is busy.
 */
export interface Mesh {
  readonly clock: VirtualClock;
  /** Between service-a and service-b. */
  readonly line: TcpProxy;
  readonly gatewayUrl: string;
  readonly serviceAUrl: string;
  /** Tries that service-a has made at service-b. */
  readonly tries: number;
  /** Calls that the gateway has made at service-a. */
  readonly calls: number;
  /** Told before each try, with its number. */
  onTry: (number: number) => void;
  /** What the gateway answers. */
  get(id: string): Promise<Response>;
  /** Starts service-a anew, as after a crash. */
  restartA(): Promise<void>;
  stop(): Promise<void>;
}

export interface MeshOptions {
  /** What the gateway shows to service-a. Default: its token. */
  readonly authorize?: NonNullable<ClientOptions['authorize']>;
}

export async function startMesh(serviceBUrl: string, clock: VirtualClock, options: MeshOptions = {}): Promise<Mesh> {
  const line = await tcpProxy({ port: Number(new URL(serviceBUrl).port) });
  const made = { tries: 0, calls: 0 };
  const random = { next: () => 0, uuid: () => crypto.randomUUID() };
  // Chance is out of the game: without jitter a wait is 0, so that no clock has to be moved between two tries.
  const startA = (port = 0) => {
    const app = createServiceAApp({
      ...{ clock, random, urls: { 'service-b': line.through(serviceBUrl) }, listen: { port } },
      security: security['service-a'],
      fetch(url, init) {
        made.tries += 1;
        mesh.onTry(made.tries);
        return fetch(url, init);
      },
    });
    return app.start().then(() => app);
  };
  let serviceA = await startA();
  const serviceAUrl = serviceA.url;
  const gateway = createApiGatewayApp({
    ...{ clock, random, urls: { 'service-a': serviceAUrl }, listen: { port: 0 } },
    security: security['api-gateway'],
    ...options,
    fetch(url, init) {
      made.calls += 1;
      return fetch(url, init);
    },
  });
  await gateway.start();
  const mesh: Mesh = {
    ...{ clock, line, serviceAUrl, gatewayUrl: gateway.url },
    onTry: () => {},
    get tries() {
      return made.tries;
    },
    get calls() {
      return made.calls;
    },
    get: (id: string) => fetch(`${gateway.url}/api/items/${id}`),
    async restartA() {
      await serviceA.stop();
      serviceA = await startA(Number(new URL(serviceAUrl).port));
      // Whoever kept a connection to the old process has noticed its end after this.
      await eventually(() => fetch(`${serviceAUrl}/health`));
    },
    async stop() {
      await gateway.stop();
      await serviceA.stop();
      await line.close();
    },
  };
  return mesh;
}

/** A service-b that answers what a test tells it to. */
export interface StandIn {
  readonly url: string;
  readonly requests: readonly IncomingMessage[];
  answer: (request: IncomingMessage, response: ServerResponse) => void;
  close(): Promise<void>;
}

export async function standIn(answer: StandIn['answer']): Promise<StandIn> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    standing.answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const standing: StandIn = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ requests, answer },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return standing;
}

/** Answers with a JSON body, or with text as it stands. */
export function reply(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): StandIn['answer'] {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}

/** Resolves once the condition holds; rejects after ten seconds of real time. */
export async function until(condition: () => boolean): Promise<void> {
  const end = performance.now() + 10_000;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`never came true: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** Keys of everybody in these tests. `test` may call what the contract leaves open, `stranger` is trusted by nobody. */
export const security = developmentKeys('api-gateway', 'service-a', 'service-b', 'test');
const strangers = developmentKeys('stranger');

/** The header of a service that calls another one. */
export async function tokenFor(
  provider: string,
  clock: VirtualClock,
  service: keyof typeof security | 'stranger' = 'test',
): Promise<Readonly<Record<string, string>>> {
  const keys = service === 'stranger' ? strangers.stranger : security[service];
  const { authorization = '' } = await serviceTokens({ service, clock, ...keys })({
    provider,
    operation: '',
    schemes: [],
  });
  return { authorization };
}
