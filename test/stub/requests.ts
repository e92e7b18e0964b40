import { mustNest } from '../../generator/emit/http/parameters.js';
import { exampleOf } from '../../generator/schema/example.js';
import { checkOf } from '../../harness/stub/checks.js';
import type { StubOperation } from '../../harness/stub/provider.js';

export type ClientRequest = Readonly<Record<string, unknown>>;

/** A request that keeps the contract, as a generated client takes it; undefined when no value is found for it. */
export function requestFor(operation: StubOperation, seed: number): ClientRequest | undefined {
  const { definition, graph, parametersId, parameters } = operation;
  const made = parametersId === undefined ? undefined : exampleOf(graph, parametersId, { seed });
  if (made?.ok === false) return undefined;
  const groups = (made?.value ?? {}) as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  const body = bodyFor(operation, seed);
  if (body === NONE) return undefined;
  const nested = mustNest(parameters, definition.body !== undefined);
  const flat: ClientRequest = nested ? groups : Object.assign({}, ...Object.values(groups));
  return body === undefined ? flat : { ...flat, body };
}

const NONE = Symbol('no body');

function bodyFor({ definition, graph, bodyIds }: StubOperation, seed: number): unknown {
  const [content] = definition.body?.content ?? [];
  const [id] = bodyIds;
  if (content === undefined) return undefined;
  if (content.kind === 'text') return 'some text';
  if (content.kind === 'binary') return new Uint8Array([1, 2, 3]);
  if (content.kind === 'multipart') {
    const parts = new FormData();
    parts.append('file', new Blob(['some bytes']), 'file.txt');
    return parts;
  }
  if (id === undefined) return {};
  const made = exampleOf(graph, id, { seed, check: checkOf(graph, id) });
  return made.ok ? made.value : NONE;
}
