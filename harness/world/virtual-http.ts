import type { Model } from '../../generator/model/types.js';
import type { Clock } from '../../runtime/clock.js';
import type { Tried } from '../history.js';
import { startMs } from '../plan.js';
import { brokenConnection } from './broken-connection.js';
import { type Incarnation, never } from './death.js';
import { overFaultyLine } from './faulty-line.js';
import type { CallFault } from './hooks.js';
import { operationTable } from './providers/operation-table.js';
import { forRequest } from './request-at-work.js';
import { servedWith } from './served.js';
import { takeTry } from './tried.js';
import type { Trouble } from './trouble.js';
import { withSignal } from './with-signal.js';
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
    const { hostname, pathname } = new URL(url);
    const provider = hostname.replace(/\.invalid$/, '');
    const routed = operationOf(provider, request.method, pathname);
    const { step, tried, calling } = takeTry(
      {
        ...{ call: ++tries, provider, routed, url, method: request.method, headers: request.headers },
        body: typeof init.body === 'string' ? init.body : '',
      },
      { nowMs: clock.now(), startMs },
    );
    witness.see(caller, step, calling);
    const startedAt = clock.now();
    const note = (
      end: { readonly status: number; readonly retryAfterMs?: number } | { readonly error: string },
    ): void => witness.see(caller, step, { kind: 'called', ...tried, ...end, tookMs: clock.now() - startedAt });
    try {
      await life.alive(trouble.reach(caller, 'calling', step, life));
      const fault = trouble.calling({ caller, provider, operation: routed.name, step });
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
    return overFaultyLine(fault, {
      clock,
      deliver: () =>
        forRequest(tried.call, async () => {
          const serve = providerNamed(provider);
          if (serve === undefined) throw brokenConnection('ECONNREFUSED');
          const { response, effect } = await serve(request);
          witness.see(provider, step, await servedWith(tried, response, effect));
          return response;
        }),
      back: () => clock.sleep(trouble.hopMs()),
    });
  }
}

function errorText(error: unknown): string {
  const code = error instanceof Error && error.cause instanceof Error ? ` (${error.cause.message})` : '';
  return `${String(error)}${code}`;
}
