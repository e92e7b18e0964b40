import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '../../runtime/clock.js';
import { variableFor } from '../../runtime/http/address.js';
import { asRequest, incomingRequest } from '../stub/incoming-request.js';
import type { Provider } from '../stub/provider.js';
import type { Subject } from '../subject.js';
import { overFaultyLine } from '../world/faulty-line.js';
import { contractProvider, type Provided } from '../world/providers/contract-provider.js';
import { contractsOf } from '../world/providers/contracts.js';
import { operationTable } from '../world/providers/operation-table.js';
import type { SeenCall } from './calls-seen.js';
import type { Defer } from './clean-up.js';
import { shortestList } from './shortest-list.js';
import type { Stage } from './stage.js';

export interface StandInParts {
  readonly subject: Subject;
  readonly seed: number;
  /** The plan that is being played. */
  readonly stage: () => Stage | undefined;
}

/**
 * Plays every service that the one under test calls, by its contract, on a port of its own. Answers with the variables that lead there, `SEAMWRIGHT_URL_<SERVICE>`. Each
 * remembers what it was told to create; a list that is read for a full sync is as short as its contract allows, since nothing of it was ever told.
 */
export async function openStandIns(parts: StandInParts, defer: Defer): Promise<Readonly<Record<string, string>>> {
  const { subject, seed } = parts;
  const called = new Set(subject.model.http.filter(({ from }) => from === subject.name).map(({ to }) => to));
  const environment: Record<string, string> = {};
  for (const name of called) {
    const provider = contractsOf(subject.model).get(name);
    if (provider === undefined) continue;
    const answer = standIn(parts, provider, contractProvider(credulous(provider), seed));
    const server = createServer((incoming, outgoing) => {
      answer(incoming, outgoing).catch(() => outgoing.destroy());
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    defer(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    environment[variableFor(name)] = `http://127.0.0.1:${(server.address() as AddressInfo).port}${provider.basePath}`;
  }
  return environment;
}

/** How a service proves itself is up to who runs it: often something in front of it does. */
function credulous(provider: Provider): Provider {
  return { ...provider, operations: provider.operations.map((operation) => ({ ...operation, security: [] })) };
}

function standIn(
  { subject, stage }: StandInParts,
  provider: Provider,
  provide: (request: Request) => Promise<Provided>,
): (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void> {
  const operationOf = operationTable(subject.model);
  const synced = new Set([...subject.model.entities.values()].map(({ fullSync }) => fullSync?.operationId));
  const operations = new Map(provider.operations.map((operation) => [operation.id, operation]));

  return async (incoming, outgoing) => {
    const asked = await incomingRequest(incoming);
    const { method, url, headers, bytes } = asked;
    const routed = operationOf(provider.service, method, url.pathname);
    const body = new TextDecoder().decode(bytes);
    const played = stage();
    const sent = { provider: provider.service, routed, method, url: url.href, headers, body };
    const seen = played?.calls.begin(subject.name, sent);
    outgoing.once('close', () => seen?.end({ error: 'the caller hung up' }));
    const deliver = async (): Promise<Response> => {
      const { response, effect } = await provide(asRequest(asked));
      const operation = synced.has(routed.name) ? operations.get(routed.name) : undefined;
      const given = operation === undefined ? response : await shortestList(operation, response);
      await seen?.served(given, effect);
      return given;
    };
    const called = { caller: subject.name, provider: provider.service, operation: routed.name, step: seen?.step };
    const fault = seen === undefined ? undefined : played?.calling(called);
    try {
      await send(outgoing, await overFaultyLine(fault, { clock: systemClock, deliver }), seen);
    } catch (error) {
      seen?.end({ error: String(error) });
      // The other side sees "connection reset by peer" before the first byte.
      outgoing.socket?.resetAndDestroy();
    }
  };
}

/** Timers may be this much early, and instants lose their fractions, ms. */
const earlyMs = 5;

async function send(outgoing: ServerResponse, response: Response, seen: SeenCall | undefined): Promise<void> {
  const body = new Uint8Array(await response.arrayBuffer());
  const retryAfterS = Number(response.headers.get('retry-after') ?? Number.NaN);
  // Before it leaves: who asked may act on it at once.
  seen?.end({
    status: response.status,
    ...(retryAfterS > 0 && { retryAfterMs: retryAfterS * 1000 - earlyMs }),
  });
  const hasLength = response.status !== 204 && response.status !== 304;
  outgoing.writeHead(response.status, {
    ...Object.fromEntries(response.headers),
    ...(hasLength && { 'content-length': body.byteLength }),
  });
  if (outgoing.req.method === 'HEAD') outgoing.end();
  else outgoing.end(body);
}
