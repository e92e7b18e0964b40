import { exampleOf } from '../../../generator/schema/example.js';
import { keyProperty } from '../../../runtime/http/operation.js';
import { checkOf } from '../../stub/checks.js';
import type { StubOperation } from '../../stub/provider.js';
import { NoValueError } from '../../values.js';

/** A request as a client takes it whose parameters lie in groups. */
export type GroupedRequest = Readonly<Record<string, unknown>>;

/**
 * A request that keeps its contract; the same for the same seed. `set` is put over it by dotted path, such as `path.id` or `body.customerId`. Throws
 * `NoValueError` where no value is found.
 */
export function requestFor(
  operation: StubOperation,
  seed: number,
  set: Readonly<Record<string, unknown>> = {},
): GroupedRequest {
  const request: Record<string, unknown> = { ...parametersFor(operation, seed) };
  const body = bodyFor(operation, seed);
  if (body !== undefined) request['body'] = body;
  for (const [path, value] of Object.entries(set)) write(request, path.split('.'), value);
  return request;
}

function parametersFor({ id, graph, parametersId }: StubOperation, seed: number): GroupedRequest {
  if (parametersId === undefined) return {};
  const made = exampleOf(graph, parametersId, { seed, check: checkOf(graph, parametersId) });
  if (!made.ok) throw new NoValueError(`no parameters of "${id}" could be made: ${made.reason}`);
  const groups = made.value as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  const { [keyProperty]: _, ...headers } = groups['headers'] ?? {};
  // Made-up keys would be the same for requests that are not: each client chooses its own.
  return { ...groups, headers };
}

function bodyFor({ id, definition, graph, bodyIds }: StubOperation, seed: number): unknown {
  const [content] = definition.body?.content ?? [];
  const [schema] = bodyIds;
  if (content === undefined) return undefined;
  if (content.kind === 'text') return `text ${seed}`;
  if (content.kind === 'binary') return new Uint8Array([seed & 0xff, 2, 3]);
  if (content.kind === 'multipart') {
    const parts = new FormData();
    parts.append('file', new Blob([`bytes ${seed}`]), 'file.txt');
    return parts;
  }
  if (schema === undefined) return {};
  const made = exampleOf(graph, schema, { seed, check: checkOf(graph, schema) });
  if (!made.ok) throw new NoValueError(`no body of "${id}" could be made: ${made.reason}`);
  return structuredClone(made.value);
}

function write(into: Record<string, unknown>, [name = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    into[name] = value;
    return;
  }
  const inner = into[name];
  const next = typeof inner === 'object' && inner !== null ? { ...inner } : {};
  into[name] = next;
  write(next as Record<string, unknown>, rest, value);
}
