import type { Model } from '../../generator/model/types.js';
import type { Clock } from '../../runtime/clock.js';
import { deadlineHeader, readDeadline } from '../../runtime/http/deadline-header.js';
import type { Tried } from '../history.js';
import { startMs, stepOf, uuidOf } from '../plan.js';
import { type Incarnation, never } from './death.js';
import type { CallFault } from './hooks.js';
import { operationTable } from './providers/operation-table.js';
import { forRequest } from './request-at-work.js';
import type { Trouble } from './trouble.js';
import type { Witness } from './witness.js';

/** What a provider gave; `effect` is known of those that are played by their contract. */
export interface Given {
  readonly response: Response;
  readonly effect?: boolean;
}

/** Who answers requests for a provider: whoever is there at the moment, or undefined when its process is down. */
export type Provider = () => ((request: Request) => Promise<Given>) | undefined;

export interface VirtualHttpParts {
  readonly model: Model;
  readonly clock: Clock;
  readonly witness: Witness;
  readonly trouble: Trouble;
  provider(name: string): ReturnType<Provider>;
}

export type Call = (caller: string, life: Incarnation, url: string, init: RequestInit) => Promise<Response>;

/** Base URL of a service in a simulation; resolves nowhere. */
export function virtualUrl(service: string): string {
  return `http://${service}.invalid`;
}

/** Requests and answers between the services of one world: each way takes a hop, and either may be lost. */
export function virtualHttp({ model, clock, witness, trouble, provider: providerNamed }: VirtualHttpParts): Call {
  const operationOf = operationTable(model);
  let tries = 0;

  return async function call(caller, life, url, init) {
    if (life.dead) return never();
    const request = new Request(url, init);
    const { hostname, pathname, search } = new URL(url);
    const provider = hostname.replace(/\.invalid$/, '');
    const { name: operation, idempotencyHeader } = operationOf(provider, request.method, pathname);
    const correlationId = request.headers.get('x-correlation-id') ?? undefined;
    const step = stepOf(correlationId);
    const key = request.headers.get(idempotencyHeader);
    const tried: Tried = {
      ...{ call: ++tries, operation: `${provider}.${operation}`, method: request.method, path: pathname + search },
      asks: uuidOf([request.method, url, typeof init.body === 'string' ? init.body : ''].join('\n')).slice(0, 8),
      ...(key !== null && { idempotencyKey: key }),
    };
    const deadlineAtMs = readDeadline(request.headers.get(deadlineHeader), clock.now());
    const deadlineAt = deadlineAtMs === undefined ? undefined : deadlineAtMs - startMs;
    witness.see(caller, step, {
      ...{ kind: 'calling', ...tried },
      ...(correlationId !== undefined && { correlationId }),
      ...(deadlineAt !== undefined && { deadlineAt }),
    });
    const startedAt = clock.now();
    const note = (
      end: { readonly status: number; readonly retryAfterMs?: number } | { readonly error: string },
    ): void => witness.see(caller, step, { kind: 'called', ...tried, ...end, tookMs: clock.now() - startedAt });
    try {
      await life.alive(trouble.reach(caller, 'calling', step, life));
      const fault = trouble.calling({ caller, provider, operation, step });
      const response = await life.alive(withSignal(carry(request, { provider, step, tried, fault }), init.signal));
      const retryAfterS = Number(response.headers.get('retry-after') ?? Number.NaN);
      note({ status: response.status, ...(retryAfterS > 0 && { retryAfterMs: retryAfterS * 1000 }) });
      await life.alive(trouble.reach(caller, 'called', step, life));
      return response;
    } catch (error) {
      note({ error: errorText(error) });
      throw error;
    }
  };

  interface Carried {
    readonly provider: string;
    readonly step: string | undefined;
    readonly tried: Tried;
    readonly fault: CallFault | undefined;
  }

  async function carry(request: Request, { provider, step, tried, fault }: Carried): Promise<Response> {
    await clock.sleep(trouble.hopMs());
    if (fault?.kind === 'slow') await clock.sleep(fault.byMs);
    if (fault?.kind === 'reset') throw broken('ECONNRESET');
    if (fault?.kind === 'silence') return never();
    if (fault?.kind === 'status')
      return new Response(null, { status: fault.status, ...(fault.headers && { headers: fault.headers }) });
    if (fault?.kind === 'garbage')
      return new Response(fault.body, { status: 200, headers: { 'content-type': 'application/json' } });
    const response = await forRequest(tried.call, async () => {
      const serve = providerNamed(provider);
      if (serve === undefined) throw broken('ECONNREFUSED');
      const { response: given, effect } = await serve(request);
      const body = await jsonOf(given);
      witness.see(provider, step, {
        ...{ kind: 'served', call: tried.call, operation: tried.operation, status: given.status },
        ...(body !== undefined && { body }),
        ...(effect !== undefined && { effect }),
        ...(given.headers.get('idempotent-replayed') === 'true' && { replayed: true }),
      });
      return given;
    });
    if (fault?.kind === 'lose-reply' && fault.silently === true) return never();
    if (fault?.kind === 'lose-reply') throw broken('ECONNRESET');
    await clock.sleep(trouble.hopMs());
    return response;
  }
}

/** As the platform's own `fetch` tells it. */
function broken(code: string): Error {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });
}

function errorText(error: unknown): string {
  const code = error instanceof Error && error.cause instanceof Error ? ` (${error.cause.message})` : '';
  return `${String(error)}${code}`;
}

async function jsonOf(response: Response): Promise<unknown> {
  if (!/json/.test(response.headers.get('content-type') ?? '')) return undefined;
  try {
    return await response.clone().json();
  } catch {
    return undefined;
  }
}

function withSignal<T>(work: Promise<T>, signal: AbortSignal | null | undefined): Promise<T> {
  if (signal === null || signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
