import type { IncomingMessage } from 'node:http';

/** A request that has arrived whole. */
export interface IncomingRequest {
  readonly method: string;
  /** Path and query are those that were asked for; the host is none. */
  readonly url: URL;
  readonly headers: Headers;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export async function incomingRequest(incoming: IncomingMessage): Promise<IncomingRequest> {
  const { method = 'GET', url = '' } = incoming;
  return {
    method,
    url: new URL(url.startsWith('/') ? `http://localhost${url}` : 'http://localhost/'),
    headers: headersOf(incoming),
    bytes: await bodyOf(incoming),
  };
}

/** As the platform knows a request. */
export function asRequest({ method, url, headers, bytes }: IncomingRequest): Request {
  const hasBody = method !== 'GET' && method !== 'HEAD';
  return new Request(url, { method, headers, ...(hasBody && { body: bytes }) });
}

async function bodyOf(incoming: IncomingMessage): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return new Uint8Array(Buffer.concat(chunks));
}

function headersOf(incoming: IncomingMessage): Headers {
  const headers = new Headers();
  for (let index = 0; index < incoming.rawHeaders.length; index += 2) {
    headers.append(incoming.rawHeaders[index] ?? '', incoming.rawHeaders[index + 1] ?? '');
  }
  return headers;
}
