/// <reference types="node" preserve="true" />
import { hash } from 'node:crypto';
import { canonicalJson } from '../canonical.js';
import { keyProperty, type OperationDefinition } from './operation.js';
import type { ParameterGroups } from './read-parameters.js';
import type { ReadRequestBody } from './request-body.js';

/** Header parameters that may differ between two tries of one request. */
const passing = new Set(['x-correlation-id', 'x-request-id', 'x-request-deadline', 'traceparent', 'tracestate']);

/** SHA-256 over what the request asks for: parameters and body as they were read, so that spaces and the order of members do not matter. */
export async function fingerprintOf(
  { parameters }: Pick<OperationDefinition, 'parameters'>,
  { path, query, headers }: ParameterGroups,
  read: ReadRequestBody,
): Promise<string> {
  const meant = parameters
    .filter((one) => one.in === 'header' && one.as !== keyProperty && !passing.has(one.name.toLowerCase()))
    .map(({ as }) => [as, headers[as] ?? null]);
  const body = 'content' in read ? [read.content.contentType, await plain(read.content.value)] : await plain(read.body);
  return hash('sha256', canonicalJson([path, query, meant, body ?? null]), 'hex');
}

/** JSON as it is; bytes and forms as what stands for them. */
async function plain(value: unknown): Promise<unknown> {
  if (value instanceof Uint8Array) return { bytes: hash('sha256', value, 'hex') };
  if (!(value instanceof FormData)) return value;
  const fields: unknown[] = [];
  for (const [name, entry] of value) {
    fields.push([
      name,
      typeof entry === 'string'
        ? entry
        : {
            name: entry.name,
            type: entry.type,
            bytes: hash('sha256', new Uint8Array(await entry.arrayBuffer()), 'hex'),
          },
    ]);
  }
  return { fields };
}
