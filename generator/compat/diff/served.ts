import type { Position } from '../../diagnostics/position.js';
import type { HttpOperation } from '../../load/documents.js';
import type { Model } from '../../model/types.js';
import { type Schemes, schemesOf } from './security-schemes.js';

/** What a service answers to over HTTP: an operation of its document, or an endpoint that a feature lists and no document describes. */
export interface Served {
  readonly service: string;
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly definition?: HttpOperation;
  readonly schemes?: Schemes;
  readonly idempotencyHeader?: string;
  readonly features: readonly string[];
  readonly at: Position;
}

/** By `<service>.<operationId>`; an endpoint without an id by `<service>.<method> <path>`. */
export function servedOf(model: Model): ReadonlyMap<string, Served> {
  const found = new Map<string, Served>();
  const described = new Set<string>();
  for (const [key, operation] of model.operations) {
    const { id, service, definition, idempotencyHeader, features, at } = operation;
    const { method, path } = definition;
    const schemes = schemesOf(model, operation);
    described.add(`${service} ${method} ${path}`);
    found.set(key, {
      service,
      id,
      method,
      path,
      definition,
      features,
      at,
      ...(schemes !== undefined && { schemes }),
      ...(idempotencyHeader !== undefined && { idempotencyHeader }),
    });
  }
  for (const feature of model.features.values()) {
    for (const endpoint of [...feature.endpoints, ...feature.serviceFiles.flatMap((file) => file.endpoints)]) {
      const { service = '', path, at } = endpoint;
      const method = endpoint.method.toLowerCase();
      const id = endpoint.operationId ?? `${method} ${path}`;
      const key = `${service}.${id}`;
      if (described.has(`${service} ${method} ${path}`) || found.has(key)) continue;
      found.set(key, { service, id, method, path, features: [feature.name], at });
    }
  }
  return found;
}
