import { UnavailableError } from '../errors.js';
import { type Logger, withFacts } from '../log.js';
import { probe } from '../probes.js';
import { inScope, type Scope } from '../scope.js';
import { answerTest } from '../test-mode.js';
import { causeOfRequest } from './correlation.js';
import { deadlineHeader, readDeadline } from './deadline-header.js';
import { HttpDeadlineError, HttpTimeoutError, NoAnswerError } from './errors.js';
import type { ServerReply, ServerRequest } from './exchange.js';
import type { OperationDefinition } from './operation.js';
import { perform } from './perform.js';
import { ProblemError } from './problem.js';
import { problemReply } from './reply.js';
import type { Match } from './route.js';
import type { ServerContext } from './server-context.js';
import { requestSpan } from './spans.js';

/** Answers one request, whatever happens. */
export function answerRequest(request: ServerRequest, context: ServerContext): Promise<ServerReply> {
  return requestSpan(request.method, causeOfRequest(request.headers, context.random), (cause, found) =>
    answerIn(request, cause, context, found),
  );
}

async function answerIn(
  request: ServerRequest,
  cause: Scope['cause'],
  context: ServerContext,
  found: (operation: OperationDefinition, route: string) => void,
): Promise<ServerReply> {
  const { correlationId } = cause;
  const log = withFacts(context.log, { correlationId });
  const startedMs = context.clock.now();
  const deadlineAtMs = readDeadline(request.headers.get(deadlineHeader), startedMs);
  let operation = 'none';
  let reply: ServerReply;
  try {
    const scope = { service: context.service, cause, ...(deadlineAtMs !== undefined && { deadlineAtMs }) };
    reply = await inScope(scope, async () => {
      const [path = '', search = ''] = splitTarget(request.target);
      const match = routeOf(request.method, path, context);
      if (match.kind !== 'found') return await unrouted(match, request, path, context);
      operation = match.target.name;
      found(match.target, context.basePath + match.target.path);
      const performance = { request, search, operation: match.target, path: match.parameters, correlationId, log };
      return await perform(performance, deadlineAtMs, context);
    });
  } catch (error) {
    const problem = problemOf(error);
    if (problem !== error) tell(log, { operation, status: problem.problem.status, error });
    reply = problemReply({ ...problem.problem, correlationId }, problem.headers);
  }
  const seconds = (context.clock.now() - startedMs) / 1000;
  const status = String(reply.status);
  if (operation !== 'none') log.info({ operation, status, seconds }, 'answered');
  context.options.telemetry?.duration('http.server.request.duration', seconds, { operation, status });
  return { ...reply, headers: { ...reply.headers, 'x-correlation-id': correlationId } };
}

function splitTarget(target: string): readonly string[] {
  const at = target.indexOf('?');
  return at < 0 ? [target] : [target.slice(0, at), target.slice(at)];
}

/** `HEAD` is answered like `GET`, of which the platform sends the headers alone. */
function routeOf(method: string, path: string, { route }: ServerContext): Match<OperationDefinition> {
  const match = route(method, path);
  return method === 'HEAD' && match.kind === 'method' && match.allow.includes('GET') ? route('GET', path) : match;
}

async function unrouted(
  match: Exclude<Match<OperationDefinition>, { readonly kind: 'found' }>,
  request: ServerRequest,
  path: string,
  context: ServerContext,
): Promise<ServerReply> {
  if (match.kind === 'method') throw new ProblemError(405, {}, { allow: match.allow.join(', ') });
  if (match.kind === 'malformed') throw new ProblemError(400, { detail: 'the path is no percent-encoded UTF-8' });
  const answer = (await probe(path, context.options.ready)) ?? (await answerTest(request, path, context.service));
  if (answer === undefined) throw new ProblemError(404);
  return answer;
}

/**
 * What the caller is told of an error. Somebody else who is away (a called service, the store) is 503, or 504 when the time was over: the caller may try again, and
 * is told when, where anybody knows.
 */
function problemOf(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof HttpDeadlineError || error instanceof HttpTimeoutError) return new ProblemError(504);
  if (error instanceof NoAnswerError) return new ProblemError(503, {}, retryAfter(error.retryAfterMs));
  if (error instanceof UnavailableError) return new ProblemError(503);
  return new ProblemError(500);
}

function retryAfter(ms: number | undefined): Readonly<Record<string, string>> {
  return ms === undefined ? {} : { 'retry-after': String(Math.max(1, Math.ceil(ms / 1000))) };
}

function tell(
  log: Logger,
  facts: { readonly operation: string; readonly status: number; readonly error: unknown },
): void {
  if (facts.status === 500) log.error(facts, 'a handler failed');
  else log.warn(facts, 'a handler could not be served by others');
}
