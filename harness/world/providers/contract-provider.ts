import { SeamwrightError } from '../../../runtime/errors.js';
import { ProblemError } from '../../../runtime/http/problem.js';
import { createRouter, type Match } from '../../../runtime/http/route.js';
import { type Answer, answer, type Surroundings } from '../../stub/answer.js';
import { Memory } from '../../stub/memory.js';
import type { Provider, StubOperation } from '../../stub/provider.js';

/** An answer of a provider that nobody has written. */
export interface Provided {
  readonly response: Response;
  /** The request has changed something that outlives it: it was neither a reading nor a repetition, and it was not refused. */
  readonly effect: boolean;
}

/**
 * A provider played by its contract, in this process: requests are checked, answers fit, what is created can be got again, and a request that comes again under
 * its idempotency key takes effect once. Same seed and same requests, same answers.
 */
export function contractProvider(provider: Provider, seed: number): (request: Request) => Promise<Provided> {
  const around: Surroundings = { seed, basePath: provider.basePath, memory: new Memory(), kept: new Map() };
  const route = createRouter(
    provider.operations.map((operation) => ({
      method: operation.definition.method,
      path: provider.basePath + operation.definition.path,
      target: operation,
    })),
  );

  // One after the other: two requests under one key must not both find that neither has come before.
  let last: Promise<unknown> = Promise.resolve();

  async function made(request: Request): Promise<{ readonly answer: Answer; readonly effect: boolean }> {
    const url = new URL(request.url);
    const { target, parameters } = found(route(request.method, url.pathname));
    const path = url.pathname.slice(provider.basePath.length);
    let isNew = false;
    const given = await answer(
      { operation: target, request, url, path, parameters, fault: undefined },
      { ...around, carriedOut: () => (isNew = true) },
    );
    return { answer: given, effect: isNew && !safe.has(request.method) && given.status < 400 };
  }

  return async (request) => {
    const turn = last.then(() => made(request));
    last = turn.catch(() => {});
    try {
      const { answer: given, effect } = await turn;
      return { response: responseOf(given), effect };
    } catch (error) {
      if (error instanceof ProblemError) return { response: problem(error), effect: false };
      if (!(error instanceof SeamwrightError)) throw error;
      return { response: problem(new ProblemError(400, { detail: error.message })), effect: false };
    }
  };
}

const safe = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);
/** Statuses whose answers have no body. */
const bodiless = new Set([204, 205, 304]);

function found(match: Match<StubOperation>) {
  if (match.kind === 'found') return match;
  throw new ProblemError(match.kind === 'method' ? 405 : 404, { detail: 'the contract has no such operation' });
}

function responseOf({ status, headers, body }: Answer): Response {
  return new Response(bodiless.has(status) ? null : new Uint8Array(body), { status, headers });
}

function problem({ problem: details, headers }: ProblemError): Response {
  return new Response(JSON.stringify(details), {
    status: details.status,
    headers: { ...headers, 'content-type': 'application/problem+json' },
  });
}
