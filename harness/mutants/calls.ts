import type { Create, Mutant } from './mutant.js';
import { called } from './occasions.js';
import { onPorts } from './ports.js';

type Fetch = (url: string, init: RequestInit) => Promise<Response>;

const writing = ['tools-dashboard/back-gateway'];
const reading = ['mesh/service-a'];

/** Mistakes of those who call others. */
export const callMutants: readonly Mutant[] = [
  {
    number: 45,
    id: 'post-without-key',
    title: 'A POST is sent without its idempotency key, and is sent again when no answer came.',
    patches: 'generated code',
    expected: ['effect-once-per-call'],
    scenarios: ['http-timeout-unknown', 'http-reset'],
    on: writing,
    strikes: ['client'],
    fits: called(({ definition }) => definition.definition.method.toUpperCase() === 'POST'),
    apply: fetching((send) => {
      const keyless: Fetch = (url, init) => send(url, { ...init, headers: without(init.headers, 'idempotency-key') });
      return (url, init) => keyless(url, init).catch(() => keyless(url, init));
    }),
  },
  {
    number: 45,
    id: 'new-key-per-try',
    title: 'A POST is tried again under another key: nobody can tell that it is one request.',
    patches: 'generated code',
    expected: ['effect-once-per-call'],
    scenarios: ['http-timeout-unknown', 'http-reset'],
    on: writing,
    strikes: ['client'],
    fits: called(({ definition }) => definition.definition.method.toUpperCase() === 'POST'),
    apply: fetching((send) => async (url, init) => {
      try {
        return await send(url, init);
      } catch {
        const headers = new Headers(init.headers);
        if (headers.has('idempotency-key')) headers.set('idempotency-key', crypto.randomUUID());
        return send(url, { ...init, headers });
      }
    }),
  },
  {
    number: 46,
    id: 'no-timeout',
    title: 'The time-out of a call never reaches the socket.',
    patches: 'runtime',
    expected: ['calls-have-deadlines', 'comes-to-rest'],
    scenarios: ['slow-http'],
    on: reading,
    strikes: ['client'],
    apply: fetching(
      (send) =>
        (url, { signal: _, ...init }) =>
          send(url, init),
    ),
  },
  {
    number: 46,
    id: 'multiplying-retries',
    title: 'Something below the client tries three times, each time that the client tries.',
    patches: 'runtime',
    expected: ['retries-within-budget'],
    scenarios: ['retry-amplification', 'http-5xx'],
    on: reading,
    strikes: ['client'],
    apply: fetching((send) => async (url, init) => {
      for (let tries = 1; ; tries++) {
        const response = await send(url, init).catch((error: unknown) => {
          if (tries === 3) throw error;
        });
        if (response !== undefined && (response.status < 500 || tries === 3)) return response;
      }
    }),
  },
  {
    number: 47,
    id: 'breaker-never-half-opens',
    title: 'A circuit breaker opens after five failures and never lets a probe through.',
    patches: 'runtime',
    expected: ['breaker-lawful'],
    scenarios: ['breaker-open-half-open-close'],
    on: reading,
    strikes: ['client'],
    apply: shutting((status) => status >= 500),
  },
  {
    number: 47,
    id: 'breaker-counts-refusals',
    title: 'A circuit breaker takes refusals by the provider for its failures.',
    patches: 'runtime',
    expected: ['breaker-lawful'],
    scenarios: ['breaker-open-half-open-close'],
    on: reading,
    strikes: ['client'],
    apply: shutting((status) => status >= 400),
  },
  {
    number: 48,
    id: 'fallback-kept',
    title: 'A stand-in for an answer is kept as if it were one.',
    patches: 'handler',
    expected: ['fallback-not-kept'],
    scenarios: ['http-5xx'],
    on: reading,
    strikes: ['client'],
    fits: called(({ policy }) => policy.fallback === 'cached'),
    apply: keepingAnswers,
  },
];

/** A mistake between a client and the wire. */
export function fetching(around: (send: Fetch) => Fetch): (create: Create) => Create {
  return onPorts(({ fetch: send }) => (send === undefined ? {} : { fetch: around(send) }));
}

/** Shuts the door of the service itself after five failures in a row that `counts`. */
function shutting(counts: (status: number) => boolean): (create: Create) => Create {
  return answering((answer) => {
    let failures = 0;
    return async (request) => {
      if (failures >= 5) return new Response(null, { status: 503 });
      const response = await answer(request);
      failures = counts(response.status) ? failures + 1 : 0;
      return response;
    };
  });
}

/** Keeps what it answered once from its stand-ins, and gives it again for ever. */
function keepingAnswers(create: Create): Create {
  return answering((answer) => {
    const kept = new Map<string, Response>();
    return async (request) => {
      const found = kept.get(request.url);
      if (found !== undefined) return found.clone();
      const response = await answer(request);
      if (response.headers.get('x-served-from') === 'cache') kept.set(request.url, response.clone());
      return response;
    };
  })(create);
}

/** A mistake in how a service answers. Its memory is that of one life. */
function answering(
  around: (answer: (request: Request) => Promise<Response>) => (request: Request) => Promise<Response>,
): (create: Create) => Create {
  return (create) => (options) => {
    const made = create(options);
    const { server } = made;
    if (server === undefined) return made;
    return { ...made, server: { ...server, fetch: around((request) => server.fetch(request)) } };
  };
}

function without(given: RequestInit['headers'], name: string): Headers {
  const headers = new Headers(given);
  headers.delete(name);
  return headers;
}
