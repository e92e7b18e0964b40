/// <reference types="node" preserve="true" />
import { readBytes } from './body.js';
import type { ServerReply, ServerRequest } from './exchange.js';

/** A request of the Web platform. Its URL is normalised already. */
export function webRequest(request: Request): ServerRequest {
  const { pathname, search } = new URL(request.url);
  return {
    method: request.method,
    target: pathname + search,
    headers: request.headers,
    allHeaders: () => request.headers,
    body: (maxBytes) => readBytes(request.body as ReadableStream<Uint8Array> | null, maxBytes),
    signal: () => request.signal,
  };
}

/** An answer for the Web platform. */
export function webResponse({ status, headers, body }: ServerReply): Response {
  return new Response(body, { status, headers });
}
