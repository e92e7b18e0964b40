import { UsageError } from './errors.js';
import type { Health } from './health.js';
import type { ServerReply } from './http/exchange.js';
import { type Listening, listen } from './http/node-adapter.js';
import { webResponse } from './http/web-adapter.js';

/** What may be asked about readiness: a word, or the health of a service. */
export type Readiness = () => boolean | Health | Promise<boolean | Health>;

/**
 * Answers what orchestrators ask: `/health`, whether the process is alive, always 200; `/ready`, whether it can work, 200 or 503. A degraded service is ready: taking
 * it away would help nobody. Undefined for another path.
 */
export async function probe(path: string, ready: Readiness | undefined): Promise<ServerReply | undefined> {
  if (path === '/health') return json(200, { status: 'up' });
  if (path !== '/ready') return undefined;
  const answer = await answered(ready);
  if (typeof answer !== 'boolean') return json(answer.status === 'down' ? 503 : 200, answer);
  return json(answer ? 200 : 503, { status: answer ? 'ready' : 'not ready' });
}

function json(status: number, body: unknown): ServerReply {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** A listener for services without HTTP of their own, on `SEAMWRIGHT_HEALTH_PORT` and `HOST`; undefined when nobody asks for one. Rejects with `UsageError` when the port cannot be had. */
export async function serveProbes(
  ready: Readiness,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Listening | undefined> {
  const { SEAMWRIGHT_HEALTH_PORT: text = '', HOST: host } = environment;
  if (text === '') return undefined;
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535)
    throw new UsageError(`SEAMWRIGHT_HEALTH_PORT is ${JSON.stringify(text)}, no port`);
  const answer = async (request: Request): Promise<Response> => {
    const reply = await probe(new URL(request.url).pathname, ready);
    return reply === undefined ? new Response(null, { status: 404 }) : webResponse(reply);
  };
  try {
    return await listen(answer, { port, ...(host !== undefined && { host }) });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw new UsageError(
      `SEAMWRIGHT_HEALTH_PORT: port ${port} cannot be had${code}; each process needs one of its own`,
    );
  }
}

async function answered(ready: Readiness | undefined): Promise<boolean | Health> {
  try {
    return (await ready?.()) ?? true;
  } catch {
    // Who cannot say that he is ready is not.
    return false;
  }
}
