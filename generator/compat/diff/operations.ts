import type { HttpOperation, HttpParameter, HttpResponse } from '../../load/documents.js';
import type { Model } from '../../model/types.js';
import { canonicalJson } from '../../schema/edges.js';
import type { Change } from '../change.js';
import { compareNouns, type NounTable } from './nouns.js';
import { headersOf, parametersOf, responsesOf, spelled } from './operation-parts.js';
import { operationSchemas } from './operation-schemas.js';
import { type Pair, pairs } from './pairs.js';
import { plain, sorted } from './plain.js';
import type { SameSchemas } from './schema-side.js';
import { type Served, servedOf } from './served.js';

/** HTTP operations with their parameters, responses and headers, and each schema of them. Operations of endpoints without a document, too. */
export function* operationChanges(before: Model, after: Model, known: SameSchemas): Iterable<Change> {
  for (const pair of pairs(servedOf(before), servedOf(after), shape)) {
    yield* compareNouns([pair], operationTable);
    const left = pair.before?.definition;
    const right = pair.after?.definition;
    if (left === undefined || right === undefined) continue;
    yield* partChanges(pair, left, right);
    yield* operationSchemas(pair, left, right, before, after, known);
  }
}

const operationTable: NounTable<Served> = {
  noun: 'operation',
  subject: (name) => `operation:${name}`,
  features: (operation) => operation.features,
  at: (operation) => operation.at,
  settings: ({ service, method, path, definition, schemes, idempotencyHeader }) => ({
    service,
    method,
    // What a client writes is the same whatever a parameter of the path is called.
    path: path.replace(/\{[^{}]*\}/g, '{}'),
    deprecated: definition?.deprecated ?? false,
    security: definition?.security === undefined ? undefined : sorted(definition.security),
    'security.schemes': schemes,
    idempotency_header: idempotencyHeader?.toLowerCase(),
    request: definition?.requestBody !== undefined,
    'request.required': definition?.requestBody?.required,
    'request.mediaTypes':
      definition?.requestBody && sorted(definition.requestBody.bodies.map((body) => body.contentType)),
    'x-sunset': plain(definition?.extensions['x-sunset']),
    'x-stability-level': plain(definition?.extensions['x-stability-level']),
  }),
};

/** What a client sends is method and path; the id is a name for it. */
function shape({ service, method, path }: Served): string {
  return canonicalJson([service, method, path.replace(/\{[^{}]*\}/g, '{}')]);
}

function* partChanges({ name, after }: Pair<Served>, left: HttpOperation, right: HttpOperation): Iterable<Change> {
  const features = (): readonly string[] => after?.features ?? [];
  const at = (part: { readonly at?: HttpOperation['at'] }): HttpOperation['at'] => part.at ?? right.at;
  const parameterTable: NounTable<HttpParameter> = {
    noun: 'parameter',
    subject: (key) => `operation:${name} parameter:${key}`,
    features,
    at,
    settings: (parameter) => ({
      name: parameter.in === 'path' ? undefined : spelled(parameter),
      in: parameter.in,
      required: parameter.required,
      schema: parameter.schema !== undefined,
      style: parameter.style,
      explode: parameter.explode,
    }),
  };
  const responseTable: NounTable<HttpResponse> = {
    noun: 'response',
    subject: (status) => `operation:${name} response:${status}`,
    features,
    at,
    settings: (response) => ({
      status: response.status,
      mediaTypes: sorted(response.bodies.map((body) => body.contentType)),
    }),
  };
  yield* compareNouns(pairs(parametersOf(left), parametersOf(right)), parameterTable);
  const responses = pairs(responsesOf(left), responsesOf(right));
  for (const pair of responses) {
    yield* compareNouns([pair], responseTable);
    if (pair.before === undefined || pair.after === undefined) continue;
    const headerTable: NounTable<HttpResponse['headers'][number]> = {
      noun: 'header',
      subject: (key) => `operation:${name} response:${pair.name} header:${key}`,
      features,
      at: () => pair.after?.at ?? right.at,
      settings: (header) => ({
        name: header.name.toLowerCase(),
        required: header.required,
        schema: header.schema !== undefined,
      }),
    };
    yield* compareNouns(pairs(headersOf(pair.before), headersOf(pair.after)), headerTable);
  }
}
