import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { SeamwrightError, UsageError } from '../../runtime/errors.js';
import { ProblemError } from '../../runtime/http/problem.js';
import { createRouter, type Match } from '../../runtime/http/route.js';
import { type Answer, answer, type Surroundings } from './answer.js';
import { CONTROL, type Controlled, control } from './control.js';
import { type Fault, parseFault } from './fault.js';
import type { FaultList } from './faults.js';
import { asRequest, incomingRequest } from './incoming-request.js';
import type { Provider, StubOperation } from './provider.js';
import { bodyForRecord, type StubRequest } from './requests.js';
import { send } from './send.js';

export interface Served extends Controlled {
  readonly provider: Provider;
  readonly around: Surroundings;
  readonly latencyMs: number;
  readonly faults: FaultList;
  record(request: StubRequest): void;
}

export interface Opened {
  readonly port: number;
  /** Breaks what is under way and frees the port. */
  close(): Promise<void>;
}

/** Listens. Rejects with `UsageError` when the port is taken. */
export async function serve(served: Served, port: number, host: string): Promise<Opened> {
  const { provider } = served;
  const route = createRouter(
    provider.operations.map((operation) => ({
      method: operation.definition.method,
      path: provider.basePath + operation.definition.path,
      target: operation,
    })),
  );
  const stop = new AbortController();
  const server = createServer((incoming, outgoing) => {
    respond(incoming, outgoing, served, route, stop.signal).catch(() => outgoing.destroy());
  });
  await listening(server, port, host);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        stop.abort();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function listening(server: Server, port: number, host: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new UsageError(`port ${port} is taken; name another one`) : error),
    );
    server.listen(port, host, resolve);
  });
}

type Route = (method: string, path: string) => Match<StubOperation>;

async function respond(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  served: Served,
  route: Route,
  signal: AbortSignal,
): Promise<void> {
  const asked = await incomingRequest(incoming);
  const { method, url, headers, bytes } = asked;
  if (url.pathname.startsWith(`${CONTROL}/`)) {
    const made = await settled(() => plain(control(method, url.pathname, bytes, served)));
    return send(outgoing, made, undefined, signal);
  }
  const match = matchOf(method, url.pathname, route);
  let fault: Fault | undefined;
  const made = await settled(async () => {
    const { target, parameters } = found(match);
    fault = faultFor(target, headers, served.faults);
    const request = asRequest(asked);
    const path = url.pathname.slice(served.provider.basePath.length);
    return answer({ operation: target, request, url, path, parameters, fault }, served.around);
  });
  served.record({
    method,
    path: url.pathname + url.search,
    operation: match.kind === 'found' ? match.target.id : undefined,
    headers: Object.fromEntries(headers),
    body: bodyForRecord(bytes, headers.get('content-type')),
    status: fault?.damage === 'reset' ? 0 : made.status,
    fault,
  });
  const waitMs = served.latencyMs + (fault?.latencyMs ?? 0);
  if (waitMs > 0) await sleep(waitMs, undefined, { signal });
  await send(outgoing, made, fault, signal);
}

/** A fault of the request alone goes before those that were set. */
function faultFor(operation: StubOperation, headers: Headers, faults: FaultList): Fault | undefined {
  const own = headers.get('x-stub-fault');
  return own === null ? faults.take(operation) : parseFault(own);
}

/** `HEAD` is answered like `GET`, of which the headers alone are sent. */
function matchOf(method: string, path: string, route: Route): Match<StubOperation> {
  const match = route(method, path);
  return method === 'HEAD' && match.kind === 'method' && match.allow.includes('GET') ? route('GET', path) : match;
}

function found(match: Match<StubOperation>) {
  if (match.kind === 'found') return match;
  if (match.kind === 'method') throw new ProblemError(405, {}, { allow: match.allow.join(', ') });
  if (match.kind === 'malformed') throw new ProblemError(400, { detail: 'the path is no percent-encoded UTF-8' });
  throw new ProblemError(404, { detail: 'the contract has no such path' });
}

/** What goes wrong is told with problem details. */
async function settled(work: () => Answer | Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ProblemError) return problemAnswer(error);
    const detail = error instanceof SeamwrightError ? error.message : `the stub failed: ${String(error)}`;
    return problemAnswer(new ProblemError(error instanceof SeamwrightError ? 400 : 500, { detail }));
  }
}

function problemAnswer({ problem, headers }: ProblemError): Answer {
  const body = new TextEncoder().encode(JSON.stringify(problem));
  return { status: problem.status, headers: { ...headers, 'content-type': 'application/problem+json' }, body };
}

async function plain(response: Response): Promise<Answer> {
  const body = new Uint8Array(await response.arrayBuffer());
  return { status: response.status, headers: Object.fromEntries(response.headers), body };
}
