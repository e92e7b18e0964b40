import { UsageError } from '../errors.js';
import type { Scope } from '../scope.js';
import { writeBody } from './body.js';
import { contentFor } from './media-type.js';
import { type ContentDefinition, groups, type OperationDefinition, type ParameterDefinition } from './operation.js';
import { writeParameters } from './write-parameters.js';

export interface RequestContext {
  readonly caller: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly cause: Scope['cause'];
}

/** URL and `fetch` arguments of a call. Throws `UsageError` on a request that the contract's form cannot carry. */
export function writeRequest(
  call: { readonly operation: OperationDefinition; readonly nested: boolean },
  address: string,
  request: Readonly<Record<string, unknown>>,
  context: RequestContext,
): { readonly url: string; readonly init: RequestInit & { readonly headers: Headers } } {
  const { operation } = call;
  const written = writeParameters(operation, (parameter) => valueFor(request, parameter, call.nested));
  const body = bodyOf(operation, request);
  const headers = new Headers(context.headers);
  for (const [name, text] of written.headers) headers.set(name, text);
  if (written.cookie !== '') headers.set('cookie', written.cookie);
  const accept = acceptOf(operation);
  if (accept !== '') headers.set('accept', accept);
  if (body?.contentType !== undefined) headers.set('content-type', body.contentType);
  headers.set('user-agent', `${context.caller.replace(/[^\w.~-]+/g, '-')} (seamwright)`);
  headers.set('x-correlation-id', context.cause.correlationId);
  if (context.cause.traceparent !== undefined) headers.set('traceparent', context.cause.traceparent);
  return {
    url: `${address}${written.path}${written.query === '' ? '' : `?${written.query}`}`,
    // What the contract does not document is not followed either.
    init: { method: operation.method, headers, redirect: 'manual', ...(body === undefined ? {} : { body: body.body }) },
  };
}

function valueFor(
  request: Readonly<Record<string, unknown>>,
  parameter: ParameterDefinition,
  nested: boolean,
): unknown {
  if (!nested) return Object.hasOwn(request, parameter.as) ? request[parameter.as] : undefined;
  const group = request[groups[parameter.in]];
  if (typeof group !== 'object' || group === null || !Object.hasOwn(group, parameter.as)) return undefined;
  return (group as Readonly<Record<string, unknown>>)[parameter.as];
}

function bodyOf(operation: OperationDefinition, request: Readonly<Record<string, unknown>>) {
  const { body } = request;
  if (operation.body === undefined) return undefined;
  if (body === undefined) {
    if (operation.body.required) throw new UsageError(`${operation.name}: the body is missing`);
    return undefined;
  }
  return writeBody(body, contentOf(operation.body.content, request.contentType));
}

function contentOf(content: readonly ContentDefinition[], wanted: unknown): ContentDefinition {
  const found = typeof wanted === 'string' ? contentFor(content, wanted.toLowerCase()) : content[0];
  if (found === undefined) throw new UsageError(`the contract knows no body of type "${String(wanted)}"`);
  return typeof wanted === 'string' && found.type.includes('*') ? { ...found, type: wanted } : found;
}

/** Every media type of every reply; problems last, so that a server that chooses by order does not start with them. */
function acceptOf(operation: OperationDefinition): string {
  const types = operation.replies.flatMap((reply) => reply.content.map(({ type }) => type));
  const problems = types.filter((type) => type === 'application/problem+json');
  return [...new Set([...types.filter((type) => type !== 'application/problem+json'), ...problems])].join(', ');
}
