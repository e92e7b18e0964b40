import type { Model } from '../../../generator/model/types.js';
import { type Provider, providersOf, type StubOperation } from '../../stub/provider.js';

const known = new WeakMap<Model, ReadonlyMap<string, Provider>>();

/** Every provider that the contracts describe, external ones too, by name. Read once per model. */
export function contractsOf(model: Model): ReadonlyMap<string, Provider> {
  const found = known.get(model) ?? new Map(read(model).map((provider) => [provider.service, provider]));
  known.set(model, found);
  return found;
}

/** An operation by `<provider>.<operationId>`. */
export function contractOperation(model: Model, name: string): StubOperation | undefined {
  const [service = '', ...id] = name.split('.');
  return contractsOf(model)
    .get(service)
    ?.operations.find((operation) => operation.id === id.join('.'));
}

/** Who calls proves it with tokens of this harness, whatever the scheme is called: only whether there is one matters. */
function read(model: Model): readonly Provider[] {
  return providersOf(model, { openapi: [] });
}
