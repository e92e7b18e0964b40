import type { Random } from '../clock.js';
import type { Scope } from '../scope.js';
import { formatErrors, type Validator } from '../validation.js';
import { type Credentials, speaksFor } from './credentials.js';
import { type CallPlace, InvalidRequestError } from './errors.js';
import { groups, type OperationDefinition, type ParameterDefinition } from './operation.js';
import { writeRequest } from './write-request.js';

export interface Preparation {
  readonly place: CallPlace;
  readonly random: Pick<Random, 'uuid'>;
  readonly credentials: Credentials;
  readonly caller: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly cause: Scope['cause'];
}

/** A call as it goes out, the same for all its tries. */
export interface Prepared {
  readonly url: string;
  readonly init: RequestInit & { readonly headers: Headers };
  readonly repeatable: boolean;
  readonly cacheKey: string | undefined;
}

/** Methods that HTTP itself promises to be repeatable: RFC 9110 section 9.2.2. */
const idempotentMethods = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);

/** Headers that differ from call to call and do not change what is asked for. */
const passing = new Set(['x-correlation-id', 'traceparent', 'user-agent']);

/**
 * Checks a request against its contract and writes it. An operation that takes an idempotency key gets one, made once for all tries, unless the caller
 * brings its own. Throws `InvalidRequestError`, and `UsageError` on what the contract's form cannot carry.
 */
export function prepareRequest(
  call: { readonly operation: OperationDefinition; readonly nested: boolean },
  address: string,
  request: Readonly<Record<string, unknown>>,
  { place, random, credentials, ...context }: Preparation,
): Prepared {
  const { operation } = call;
  const key = operation.parameters.find((one) => one.in === 'header' && one.as === 'idempotencyKey');
  const whole = key === undefined ? request : withKey(request, key, call.nested, random);
  checkBody(operation, whole, place);
  const { url, init } = writeRequest(call, address, whole, context);
  for (const [name, value] of Object.entries(credentials)) init.headers.set(name, value);
  return {
    url,
    init,
    repeatable: idempotentMethods.has(operation.method) || key !== undefined,
    cacheKey: operation.method === 'GET' ? cacheKeyOf(url, init.headers, credentials) : undefined,
  };
}

function withKey(
  request: Readonly<Record<string, unknown>>,
  key: ParameterDefinition,
  nested: boolean,
  random: Pick<Random, 'uuid'>,
): Readonly<Record<string, unknown>> {
  const group = groups[key.in];
  const place = nested ? ((request[group] ?? {}) as Readonly<Record<string, unknown>>) : request;
  if (place[key.as] !== undefined) return request;
  const filled = { ...place, [key.as]: random.uuid() };
  return nested ? { ...request, [group]: filled } : filled;
}

/** A body that breaks its contract would be refused over there, after a journey. */
function checkBody(
  operation: OperationDefinition,
  { body, contentType }: Readonly<Record<string, unknown>>,
  place: CallPlace,
): void {
  if (body === undefined) return;
  const documented = operation.body?.content ?? [];
  const content = contentType === undefined ? documented[0] : documented.find(({ type }) => type === contentType);
  const validate: Validator<unknown> | undefined = content?.kind === 'json' ? content.validate : undefined;
  if (validate?.(body) === false) throw new InvalidRequestError(place, formatErrors(validate.errors));
}

/** Two callers must not see each other's answers, so whoever asks is part of the question. */
function cacheKeyOf(url: string, headers: Headers, credentials: Credentials): string {
  const identity = credentials[speaksFor];
  const proofs = new Set(identity === undefined ? [] : Object.keys(credentials).map((name) => name.toLowerCase()));
  const asked = [...headers].flatMap(([name, value]) =>
    passing.has(name) || proofs.has(name) ? [] : [`${name}: ${value}`],
  );
  return [url, ...asked, ...(identity === undefined ? [] : [identity])].join('\n');
}
