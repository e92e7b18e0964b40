import type { Model } from '../../../generator/model/types.js';
import type { Provider } from '../../stub/provider.js';
import { remembered } from '../remembered.js';
import { contractsOf } from './contracts.js';

/** What a request is for. */
export interface Routed {
  /** operationId; method and path when the contract has no such operation. */
  readonly name: string;
  /** Header that carries the idempotency key. */
  readonly idempotencyHeader: string;
}

interface Entry extends Routed {
  readonly method: string;
  readonly path: RegExp;
}

/** Finds the operation of a contract that a request is for. */
export const operationTable = remembered(
  (model: Model): ((provider: string, method: string, path: string) => Routed) => {
    const entries = new Map([...contractsOf(model)].map(([name, provider]) => [name, entriesOf(provider)]));
    return (provider, method, path) =>
      entries.get(provider)?.find((entry) => entry.method === method && entry.path.test(path)) ?? {
        name: `${method} ${path}`,
        idempotencyHeader: 'idempotency-key',
      };
  },
);

/** `/users/me` goes before `/users/{id}`. */
function entriesOf({ basePath, operations }: Provider): readonly Entry[] {
  const variables = (path: string): number => path.split('{').length;
  return [...operations]
    .sort((a, b) => variables(a.definition.path) - variables(b.definition.path))
    .map(({ id, definition: { method, path }, idempotencyHeader = 'idempotency-key' }) => ({
      ...{ name: id, idempotencyHeader, method },
      path: patternOf(basePath + path),
    }));
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{[^}]*\}/g, '[^/]+')}$`);
}
