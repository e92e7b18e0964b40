import type { Model } from '../../../generator/model/types.js';
import { contractsOf } from './contracts.js';

/** What a request is for. */
export interface Routed {
  /** operationId; method and path when the contract has no such operation. */
  readonly name: string;
  /** Header that carries the idempotency key. */
  readonly idempotencyHeader: string;
}

/** Finds the operation of a contract that a request is for. */
export function operationTable(model: Model): (provider: string, method: string, path: string) => Routed {
  const table = [...contractsOf(model).values()].flatMap(({ service, basePath, operations }) =>
    operations.map(({ id, definition, idempotencyHeader = 'idempotency-key' }) => ({
      ...{ service, name: id, idempotencyHeader, method: definition.method },
      path: patternOf(basePath + definition.path),
      variables: definition.path.split('{').length,
    })),
  );
  // `/users/me` goes before `/users/{id}`.
  table.sort((a, b) => a.variables - b.variables);
  return (provider, method, path) =>
    table.find((entry) => entry.service === provider && entry.method === method && entry.path.test(path)) ?? {
      name: `${method} ${path}`,
      idempotencyHeader: 'idempotency-key',
    };
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{[^}]*\}/g, '[^/]+')}$`);
}
