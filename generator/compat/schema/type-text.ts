import type { JsonType } from '../../schema/node.js';

/** What a schema without `type` allows. */
export const EVERY: readonly JsonType[] = ['array', 'boolean', 'null', 'number', 'object', 'string'];

/** `integer or null`; `any type` for all, and for none that is named. */
export function typeText(types: readonly JsonType[]): string {
  return types.length === 0 || types.length >= EVERY.length ? 'any type' : types.join(' or ');
}
