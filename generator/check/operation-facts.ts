import type { HttpEdge, Model, Operation } from '../model/types.js';

/** The operation of a provider, or undefined when no OpenAPI document describes it. */
export function operationOf(model: Model, service: string, id: string): Operation | undefined {
  return model.operations.get(`${service}.${id}`);
}

/** All operations that OpenAPI documents describe for a provider. */
export function operationsOf(model: Model, service: string): readonly Operation[] {
  return [...model.operations.values()].filter((operation) => operation.service === service);
}

/** Methods that HTTP defines as repeatable without a further effect (RFC 9110, 9.2.2). */
const idempotent = new Set(['get', 'head', 'options', 'put', 'delete', 'trace']);

/** Whether sending the request twice does what sending it once does: by its method, or by a key that the server recognises. */
export function isRepeatable(operation: Operation): boolean {
  return idempotent.has(operation.definition.method) || operation.idempotencyHeader !== undefined;
}

/** Whether the operation only reads. */
export function isRead(operation: Operation): boolean {
  return ['get', 'head', 'options'].includes(operation.definition.method);
}

/** `POST /api/charges`, as people name an operation. */
export function spokenOperation(operation: Operation): string {
  return `${operation.definition.method.toUpperCase()} ${operation.definition.path}`;
}

/** Stable identity of an edge for `accept`. */
export function edgeSubject(edge: HttpEdge): string {
  return `http:${edge.from}->${edge.to}`;
}

/** `policy "internal"`, or `its policy` when it is written in place. */
export function spokenPolicy(edge: HttpEdge): string {
  return edge.policy?.name === undefined ? 'its policy' : `policy "${edge.policy.name}"`;
}
