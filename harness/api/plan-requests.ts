import { checkOf } from '../stub/checks.js';
import type { StubOperation } from '../stub/provider.js';
import { NoValueError } from '../values.js';
import { type GroupedRequest, requestFor } from '../world/providers/request.js';
import type { KnownIds } from './known-ids.js';

/** A request to be made, and what it is for. */
export interface PlannedRequest {
  readonly request: GroupedRequest;
  /** Keeps the contract; otherwise it must be refused. */
  readonly valid: boolean;
  /** What is wrong with it, in words; '' when it is valid. */
  readonly wrong: string;
}

/** Valid requests to an operation, then some that break its contract in one place each. */
export function* requestsTo(
  operation: StubOperation,
  options: {
    readonly seed: number;
    readonly count: number;
    readonly ids: KnownIds;
    readonly set: Readonly<Record<string, unknown>>;
  },
): Iterable<PlannedRequest> {
  const { seed, count, ids, set } = options;
  let last: GroupedRequest | undefined;
  for (let index = 0; index < count; index++) {
    const request = made(operation, seed + index, { ...idsOf(operation, ids), ...set });
    if (request === undefined) break;
    last = request;
    yield { request, valid: true, wrong: '' };
    // A second deletion, or the same creation again, is another question.
    if (operation.role?.kind === 'remove') break;
  }
  if (last === undefined || operation.role?.kind === 'remove') return;
  for (const [wrong, body] of brokenBodies(operation, last['body'])) {
    yield { request: { ...last, body }, valid: false, wrong };
  }
}

function made(
  operation: StubOperation,
  seed: number,
  set: Readonly<Record<string, unknown>>,
): GroupedRequest | undefined {
  try {
    return requestFor(operation, seed, set);
  } catch (error) {
    if (error instanceof NoValueError) return undefined;
    throw error;
  }
}

/** Path parameters that a thing of an earlier answer is asked for with. */
function idsOf({ definition }: StubOperation, ids: KnownIds): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    definition.parameters
      .filter((parameter) => parameter.in === 'path' && ids.of(parameter.name) !== undefined)
      .map((parameter) => [`path.${parameter.as}`, ids.of(parameter.name)]),
  );
}

/** Bodies that the contract refuses, each by one property: without it, and with a value of another kind. */
function* brokenBodies(
  { definition, graph, bodyIds }: StubOperation,
  valid: unknown,
): Iterable<readonly [string, unknown]> {
  const [schema] = bodyIds;
  if (schema === undefined || definition.body?.content[0]?.kind !== 'json' || !isObject(valid)) return;
  const check = checkOf(graph, schema);
  for (const name of Object.keys(valid).slice(0, 12)) {
    const without = Object.fromEntries(Object.entries(valid).filter(([other]) => other !== name));
    if (check(without).length > 0) yield [`"${name}" is missing`, without];
    const other = { ...valid, [name]: typeof valid[name] === 'object' ? 'text' : { not: 'this' } };
    if (check(other).length > 0) yield [`"${name}" is of another type`, other];
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
