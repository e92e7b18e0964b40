import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What stands between Pact's verifier and the service: it asks here for states, for messages, and for everything else. */
export interface Gateway {
  readonly url: string;
  close(): Promise<void>;
}

export interface GatewayHandlers {
  state(name: string, params: Readonly<Record<string, unknown>>): Promise<object>;
  message(name: string): Promise<object>;
  /** A request of an interaction. */
  request(request: Request): Promise<Response>;
}

/** Serves on a free port of this machine. What a handler throws is answered with 500. */
export async function openGateway(handlers: GatewayHandlers): Promise<Gateway> {
  const server = createServer((incoming, outgoing) => {
    answer(incoming, handlers)
      .then(async (response) => {
        const body = Buffer.from(await response.arrayBuffer());
        outgoing.writeHead(response.status, Object.fromEntries(response.headers));
        outgoing.end(body);
      })
      .catch((error: unknown) => {
        outgoing.writeHead(500, { 'content-type': 'text/plain' });
        outgoing.end(error instanceof Error ? error.message : String(error));
      });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => closed(server) };
}

async function answer(incoming: IncomingMessage, handlers: GatewayHandlers): Promise<Response> {
  const bytes = await bodyOf(incoming);
  const url = new URL(incoming.url ?? '/', 'http://localhost');
  if (url.pathname === '/_pact/state' || url.pathname === '/_pact/message') {
    const asked = JSON.parse(bytes.toString('utf8')) as { name: string; params?: Record<string, unknown> };
    const answered =
      url.pathname === '/_pact/state'
        ? await handlers.state(asked.name, asked.params ?? {})
        : await handlers.message(asked.name);
    return Response.json(answered);
  }
  const headers = new Headers();
  for (let index = 0; index < incoming.rawHeaders.length; index += 2)
    headers.append(incoming.rawHeaders[index] ?? '', incoming.rawHeaders[index + 1] ?? '');
  const method = incoming.method ?? 'GET';
  const hasBody = method !== 'GET' && method !== 'HEAD' && bytes.byteLength > 0;
  return handlers.request(new Request(url, { method, headers, ...(hasBody && { body: new Uint8Array(bytes) }) }));
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function closed(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
