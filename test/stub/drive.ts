import { checkOf } from '../../harness/stub/checks.js';
import type { StubOperation, StubReply } from '../../harness/stub/provider.js';
import { type ClientRequest, requestFor } from './requests.js';

/** A generated client as its tests call it. */
export type AnyClient = Readonly<
  Record<string, (request: ClientRequest, options?: { readonly headers?: Record<string, string> }) => Promise<unknown>>
>;

/** What came of calling every operation of a client. */
export interface Driven {
  readonly operations: number;
  readonly successes: number;
  readonly refusals: number;
  /** One sentence each. */
  readonly failures: readonly string[];
}

const SEEDS = 12;

/**
 * Calls every operation of a client with a valid request: once as it is, once for every documented status. A success must give a body that keeps the
 * contract, any other status must throw `HttpStatusError`.
 */
export async function drive(client: AnyClient, operations: readonly StubOperation[], name: string): Promise<Driven> {
  let successes = 0;
  let refusals = 0;
  const failures: string[] = [];
  for (const operation of operations) {
    const fail = (what: string) => failures.push(`${name} ${operation.id}: ${what}`);
    const request = await carriedRequest(client, operation, fail);
    if (request === undefined) continue;
    for (const { status, reply } of statusesOf(operation)) {
      const outcome = await outcomeOf(client, operation, request, { prefer: `code=${status}` });
      if (status < 300) {
        const problem =
          outcome.error === undefined ? breach(operation, reply, status, outcome.value) : textOf(outcome.error);
        if (problem === undefined) successes++;
        else fail(`${status}: ${problem}`);
      } else if (isStatusError(outcome.error, status)) refusals++;
      else fail(`${status}: ${outcome.error === undefined ? 'gave a value' : textOf(outcome.error)}`);
    }
  }
  return { operations: operations.length, successes, refusals, failures };
}

/** A request that the form of the contract can carry: some values, such as an empty text in a path, have no place in a URL. */
async function carriedRequest(
  client: AnyClient,
  operation: StubOperation,
  fail: (what: string) => void,
): Promise<ClientRequest | undefined> {
  let last = 'no valid request was found';
  for (let seed = 1; seed <= SEEDS; seed++) {
    const request = requestFor(operation, seed);
    if (request === undefined) continue;
    const { error } = await outcomeOf(client, operation, request, {});
    if (error === undefined || isStatusError(error)) return request;
    last = textOf(error);
    if (nameOf(error) !== 'UsageError') break;
  }
  fail(last);
  return undefined;
}

async function outcomeOf(
  client: AnyClient,
  { name }: StubOperation,
  request: ClientRequest,
  headers: Record<string, string>,
): Promise<{ readonly value?: unknown; readonly error?: unknown }> {
  try {
    const call = client[name];
    if (call === undefined) throw new Error(`the client has no method "${name}"`);
    return { value: await call(request, { headers }) };
  } catch (error) {
    return { error };
  }
}

/** Every status that the contract documents and that an answer can have; ranges and `default` stand for statuses of theirs. */
export function statusesOf({
  replies,
}: StubOperation): readonly { readonly status: number; readonly reply: StubReply }[] {
  const named = new Set(replies.map(({ status }) => status));
  const isFree = (status: number) => !named.has(String(status)) && !named.has(`${String(status)[0]}XX`);
  const hasSuccess = replies.some(({ status }) => status.startsWith('2'));
  return replies.flatMap((reply) => {
    const { status } = reply;
    if (/^\d{3}$/.test(status)) return Number(status) < 200 ? [] : [{ status: Number(status), reply }];
    if (status === 'default') {
      const error = [500, 418, 599].find(isFree);
      return [...(hasSuccess ? [] : [200]), ...(error === undefined ? [] : [error])].map((each) => ({
        status: each,
        reply,
      }));
    }
    const first = Number(status[0]) * 100;
    const found = [first, first + 1, first + 9, first + 18].find((each) => !named.has(String(each)));
    return found === undefined || found < 200 ? [] : [{ status: found, reply }];
  });
}

/** Why a value is not what the contract documents for a success. */
function breach({ graph }: StubOperation, { content }: StubReply, status: number, value: unknown): string | undefined {
  if (content.length === 0 || status === 204 || status === 205)
    return value === undefined ? undefined : `gave ${JSON.stringify(value)} where no body is documented`;
  const reasons = content.map(({ id, definition }) => {
    if (definition.kind === 'text') return typeof value === 'string' ? undefined : 'is no text';
    if (definition.kind === 'binary') return value instanceof Uint8Array ? undefined : 'is no bytes';
    if (definition.kind === 'multipart') return value instanceof FormData ? undefined : 'is no form';
    const [error] = id === undefined ? [] : checkOf(graph, id)(value);
    return error === undefined
      ? undefined
      : `gave a body that breaks the contract: ${error.instancePath} ${error.message}`;
  });
  return reasons.includes(undefined) ? undefined : reasons[0];
}

function isStatusError(error: unknown, status?: number): boolean {
  return (
    nameOf(error) === 'HttpStatusError' && (status === undefined || (error as { status: number }).status === status)
  );
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

export function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error as { cause?: { body?: unknown } };
  const more = cause?.body === undefined ? '' : ` ${JSON.stringify(cause.body).slice(0, 400)}`;
  const why = cause instanceof Error && cause.message !== error.message ? ` (${cause.message})` : '';
  return `${error.name}: ${error.message}${why}${more}`;
}
