import type { Clock } from '../../runtime/clock.js';
import { writeRequest } from '../../runtime/http/write-request.js';
import type { StubOperation } from '../stub/provider.js';
import type { PlannedRequest } from './plan-requests.js';

/** What came back. `status` 0: nothing did, and `text` says why. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** As JSON, where it is; undefined otherwise. */
  readonly body: unknown;
  /** `POST /users {"name":…}`, for people. */
  readonly shown: string;
}

export interface AskOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly send: typeof fetch;
  readonly clock: Clock;
}

/** Makes one request as the contract writes it. Never rejects for what the service does. */
export async function ask(
  address: string,
  operation: StubOperation,
  { request }: PlannedRequest,
  { headers, timeoutMs, send, clock }: AskOptions,
): Promise<ApiAnswer> {
  const cause = { correlationId: '00000000-0000-4000-8000-000000000000' };
  const { url, init } = writeRequest({ operation: operation.definition, nested: true }, address, request, {
    ...{ caller: 'seamwright', headers, cause },
  });
  const body = request['body'] === undefined ? '' : ` ${JSON.stringify(request['body'])}`;
  const shown = `${init.method} ${url}${body}`.slice(0, 400);
  const controller = new AbortController();
  const cancel = clock.timer(timeoutMs, () => controller.abort(new Error(`no answer within ${timeoutMs} ms`)));
  try {
    const response = await send(url, { ...init, signal: controller.signal });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: jsonOf(text), shown };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
    return { status: 0, headers: new Headers(), text: `${String(error)}${cause}`, body: undefined, shown };
  } finally {
    cancel();
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
