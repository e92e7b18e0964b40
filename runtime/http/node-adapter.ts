/// <reference types="node" preserve="true" />
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { systemClock } from '../clock.js';
import { refuseClosing } from './node-exchange.js';

export interface ListenOptions {
  /** Default 0: one that is free. */
  readonly port?: number;
  /** Default 127.0.0.1: only this machine can reach it. In a container use 0.0.0.0. */
  readonly host?: string;
  /** How long `close` waits for requests at hand before it cuts their connections, in ms. Default 30000. */
  readonly closeGraceMs?: number;
}

export interface Listening {
  /** Address for clients, with the path before those of the contract. */
  readonly url: string;
  readonly port: number;
  /** Takes no new requests, answers those that come over kept connections with 503, and resolves when those at hand are answered, or cut off after the grace. */
  close(): Promise<void>;
}

/** Serves `answer` over `node:http`. Rejects when the port cannot be had. */
export function listen(
  answer: (request: Request) => Promise<Response>,
  options: ListenOptions & { readonly basePath?: string },
): Promise<Listening> {
  return listenWith((incoming, outgoing, isClosing) => serve(answer, incoming, outgoing, isClosing), options);
}

/** Answers one request of `node:http`. Rejects only when the connection is gone. */
export type Serve = (incoming: IncomingMessage, outgoing: ServerResponse, isClosing: () => boolean) => Promise<void>;

/** The same for whoever writes the answer himself. */
export async function listenWith(
  serveOne: Serve,
  {
    port = 0,
    host = '127.0.0.1',
    closeGraceMs = 30_000,
    basePath = '',
  }: ListenOptions & { readonly basePath?: string },
): Promise<Listening> {
  let closing = false;
  const server = createServer((incoming, outgoing) => {
    serveOne(incoming, outgoing, () => closing).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address() as AddressInfo;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return {
    // An address that stands for all of them is none that one could call.
    url: `http://${name === '0.0.0.0' || name === '[::]' ? 'localhost' : name}:${address.port}${basePath}`,
    port: address.port,
    close: () =>
      new Promise((resolve, reject) => {
        closing = true;
        const cancel = systemClock.timer(closeGraceMs, () => server.closeAllConnections());
        server.close((error) => {
          cancel();
          if (error === undefined) resolve();
          else reject(error);
        });
        server.closeIdleConnections();
      }),
  };
}

async function serve(
  answer: (request: Request) => Promise<Response>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  isClosing: () => boolean,
): Promise<void> {
  const gone = new AbortController();
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) gone.abort(new Error('the connection is closed'));
  });
  if (isClosing()) {
    refuseClosing(outgoing);
    return;
  }
  let request: Request;
  try {
    request = requestOf(incoming, gone.signal);
  } catch {
    outgoing.writeHead(400).end();
    return;
  }
  const response = await answer(request);
  outgoing.statusCode = response.status;
  for (const [name, value] of response.headers) {
    if (name !== 'set-cookie') outgoing.setHeader(name, value);
  }
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) outgoing.setHeader('set-cookie', cookies);
  // What is left of a request that nobody wants to read would be taken for the next one; a connection that is kept would delay the closing.
  if (!incoming.complete || isClosing()) outgoing.setHeader('connection', 'close');
  // Answers are whole in memory: sent at once they have a length, and no stream has to be watched.
  const body = Buffer.from(await response.arrayBuffer());
  if (response.body !== null) outgoing.setHeader('content-length', body.byteLength);
  outgoing.end(incoming.method === 'HEAD' ? undefined : body);
}

/** Throws on a target or headers that the platform refuses. */
function requestOf(incoming: IncomingMessage, signal: AbortSignal): Request {
  const headers = new Headers();
  for (let index = 0; index < incoming.rawHeaders.length; index += 2) {
    headers.append(incoming.rawHeaders[index] ?? '', incoming.rawHeaders[index + 1] ?? '');
  }
  const method = incoming.method ?? 'GET';
  const target = incoming.url ?? '/';
  // The name in `Host` is the caller's to choose: it decides nothing here, so a fixed one stands in its place.
  const url = target.startsWith('/') ? `http://localhost${target}` : target;
  const hasBody = method !== 'GET' && method !== 'HEAD';
  return new Request(url, {
    method,
    headers,
    signal,
    ...(hasBody ? { body: Readable.toWeb(incoming) as ReadableStream<Uint8Array>, duplex: 'half' } : {}),
  });
}
