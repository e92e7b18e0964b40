import type { SchemaRef } from '../load/documents.js';
import type { Model, Retry, Wait } from '../model/types.js';
import { accessTo } from './access.js';
import { stringLiteral } from './names.js';

/** The `awaits` of a consumer as TypeScript; paths start at `prefix` within the message. Waits whose path is unknown are left to the rules. */
export function waitsText(model: Model, payload: SchemaRef, prefix: string, waits: readonly Wait[]): string {
  const items = waits.flatMap((wait) => {
    const access = accessTo(model, payload, joinPath(prefix, wait.by)) ?? accessTo(model, payload, wait.by);
    if (access === undefined) return [];
    const value = access.from('m');
    const id = access.kind === 'string' ? value : `idOf(${value})`;
    return [
      `{ entity: ${stringLiteral(wait.entity)}, by: (m) => ${id}, timeoutMs: ${grouped(wait.timeoutMs)}, forceTimeoutMs: ${grouped(wait.forceTimeoutMs)}, ` +
        `onTimeout: ${stringLiteral(wait.onTimeout)}, optional: ${wait.optional}, maxAgeMs: ${grouped(wait.maxAgeMs)} }`,
    ];
  });
  return items.length === 0 ? '[]' : `[\n    ${items.join(',\n    ')},\n  ]`;
}

/** A retry policy as TypeScript; the runtime's default when the contract names none. */
export function retryText(retry: Retry | undefined, maxDeliveries: number | undefined): string {
  if (retry === undefined)
    return maxDeliveries === undefined ? 'defaultRetry' : `{ ...defaultRetry, attemptsMax: ${maxDeliveries} }`;
  const { attemptsMax, backoff, initialMs, maxMs, jitter } = retry;
  return `{ attemptsMax: ${attemptsMax}, backoff: ${stringLiteral(backoff)}, initialMs: ${grouped(initialMs)}, maxMs: ${grouped(maxMs)}, jitter: ${stringLiteral(jitter)} }`;
}

export function joinPath(prefix: string, path: string): string {
  return prefix === '' ? path : path === '' ? prefix : `${prefix}.${path}`;
}

/** `300000` -> `300_000`. */
export function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, '_');
}
