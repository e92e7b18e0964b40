/// <reference types="node" preserve="true" />
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Answer, ServerReply, ServerRequest } from './exchange.js';

/**
 * Answers one request of `node:http` without the detour over `Request` and `Response`, which costs more than all the rest. `isClosing` says that the server takes
 * no new requests. Rejects only when the connection is gone.
 */
export async function serveNode(
  answer: Answer,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  isClosing: () => boolean,
  target = targetOf(incoming.url ?? '/'),
): Promise<void> {
  if (target === undefined) {
    outgoing.writeHead(400).end();
    return;
  }
  if (isClosing()) {
    refuseClosing(outgoing);
    return;
  }
  const reply = await answer(nodeRequest(incoming, outgoing, target));
  await write(reply, incoming, outgoing, isClosing);
}

/** A request on a connection that was open before: whoever sent it asks again, and reaches a process that stays. */
export function refuseClosing(outgoing: ServerResponse): void {
  const problem = { title: 'Try again later', status: 503, detail: 'the server is closing' };
  outgoing
    .writeHead(503, { 'content-type': 'application/problem+json', 'retry-after': '1', connection: 'close' })
    .end(JSON.stringify(problem));
}

/** The request as the server reads it. */
export function nodeRequest(incoming: IncomingMessage, outgoing: ServerResponse, target: string): ServerRequest {
  let gone: AbortController | undefined;
  return {
    method: incoming.method ?? 'GET',
    target,
    headers: { get: (name) => headerOf(incoming, name.toLowerCase()) },
    allHeaders: () => allHeaders(incoming),
    body: (maxBytes) => bodyOf(incoming, maxBytes),
    signal() {
      gone ??= goneWith(outgoing);
      return gone.signal;
    },
  };
}

/** What most targets look like; dots at the beginning of a segment, percent signs and whatever else is strange are left to `URL`. */
const plainTarget = /^(?:\/[A-Za-z0-9_~-][A-Za-z0-9_.~-]*)+\/?(?:\?[A-Za-z0-9_.~%&=+,:;@/!$()*-]*)?$/;

/** Path and query; undefined for a target that is none. The name in `Host` is the caller's to choose: it decides nothing here. */
export function targetOf(url: string): string | undefined {
  if (plainTarget.test(url)) return url;
  const text = url.startsWith('/') ? `http://localhost${url}` : url;
  if (!URL.canParse(text)) return undefined;
  const { pathname, search } = new URL(text);
  return pathname + search;
}

function headerOf({ headers }: IncomingMessage, name: string): string | null {
  if (!Object.hasOwn(headers, name)) return null;
  const value = headers[name];
  return typeof value === 'string' ? value : (value?.join(', ') ?? null);
}

function allHeaders({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    headers.append(rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '');
  }
  return headers;
}

function goneWith(outgoing: ServerResponse): AbortController {
  const gone = new AbortController();
  const abort = (): void => {
    if (!outgoing.writableFinished) gone.abort(new Error('the connection is closed'));
  };
  if (outgoing.closed) abort();
  else outgoing.once('close', abort);
  return gone;
}

function bodyOf(incoming: IncomingMessage, maxBytes: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const end = (): void => {
      incoming.off('data', take).off('end', whole).off('error', broken).off('close', broken);
    };
    const take = (chunk: Buffer): void => {
      length += chunk.byteLength;
      chunks.push(chunk);
      if (length <= maxBytes) return;
      end();
      incoming.pause();
      resolve(undefined);
    };
    const whole = (): void => {
      end();
      const [only] = chunks;
      resolve((chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks)) as Uint8Array<ArrayBuffer>);
    };
    const broken = (): void => {
      end();
      reject(new Error('the body breaks off'));
    };
    if (incoming.readableEnded) return whole();
    incoming.on('data', take).on('end', whole).on('error', broken).on('close', broken);
  });
}

async function write(
  reply: ServerReply,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  isClosing: () => boolean,
): Promise<void> {
  const { body, headers } = await plainReply(reply);
  // What is left of a request that nobody wants to read would be taken for the next one; a connection that is kept would delay the closing.
  const last = !incoming.complete || isClosing();
  const length = typeof body === 'string' ? Buffer.byteLength(body) : (body?.byteLength ?? 0);
  outgoing.writeHead(reply.status, {
    ...headers,
    ...(body !== null && { 'content-length': length }),
    ...(last && { connection: 'close' }),
  });
  outgoing.end(body === null || incoming.method === 'HEAD' ? undefined : body);
}

/** The platform knows how to write a form with files. */
export async function plainReply({
  body,
  headers,
}: ServerReply): Promise<{ readonly body: string | Uint8Array | null; readonly headers: ServerReply['headers'] }> {
  if (!(body instanceof FormData)) return { body, headers };
  const written = new Response(body);
  const type = written.headers.get('content-type') ?? 'multipart/form-data';
  return { body: new Uint8Array(await written.arrayBuffer()), headers: { ...headers, 'content-type': type } };
}
