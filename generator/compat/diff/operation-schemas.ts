import type { HttpBody, HttpOperation } from '../../load/documents.js';
import type { Model } from '../../model/types.js';
import type { SchemaRef } from '../../schema/ref.js';
import type { Change, Noun, SchemaUse } from '../change.js';
import { clientsOf } from '../parties.js';
import { placed } from './nouns.js';
import { headersOf, parametersOf, responsesOf } from './operation-parts.js';
import { type Pair, pairs } from './pairs.js';
import { sorted } from './plain.js';
import { sameSchema } from './same-schema.js';
import type { SameSchemas } from './schema-side.js';
import type { Served } from './served.js';

/** A schema of an operation: whose it is and what it is used for. */
interface Used {
  readonly noun: Noun;
  readonly subject: string;
  readonly ref: SchemaRef | undefined;
  readonly use: Pick<SchemaUse, 'part' | 'name' | 'place' | 'status' | 'mediaType'> & {
    readonly direction: 'request' | 'response';
  };
}

/** Schemas of bodies, parameters and headers that differ. One that appears or goes is a setting of what it describes. */
export function* operationSchemas(
  { name, from, before: one, after: two }: Pair<Served>,
  left: HttpOperation,
  right: HttpOperation,
  before: Model,
  after: Model,
  known: SameSchemas,
): Iterable<Change> {
  const service = two?.service ?? '';
  const clients = sorted([
    ...clientsOf(before, { service, id: one?.id ?? from ?? '' }),
    ...clientsOf(after, { service, id: two?.id ?? '' }),
  ]);
  const parties = {
    request: { writers: clients, readers: [service] },
    response: { writers: [service], readers: clients },
  };
  const features = [...new Set([...(two?.features ?? []), ...(one?.features ?? [])])];
  for (const pair of pairs(schemasOf(name, left), schemasOf(name, right))) {
    const older = pair.before?.ref;
    const newer = pair.after?.ref;
    if (pair.after === undefined || older === undefined || newer === undefined) continue;
    const sides = [
      { documents: before.documents, ref: older },
      { documents: after.documents, ref: newer },
    ] as const;
    if (sameSchema(...sides, known)) continue;
    const { noun, subject, use } = pair.after;
    const places = placed(before.locate(older), after.locate(newer));
    yield {
      kind: 'schema',
      noun,
      subject,
      features,
      ...places,
      use: { ...use, ...parties[use.direction] },
      before: older,
      after: newer,
    };
  }
}

function schemasOf(name: string, operation: HttpOperation): ReadonlyMap<string, Used> {
  const all: (readonly [string, Used])[] = [];
  const subject = `operation:${name}`;
  for (const body of operation.requestBody?.bodies ?? []) {
    const use = { direction: 'request', part: 'body', mediaType: body.contentType } as const;
    all.push([`request ${body.contentType}`, { noun: 'operation', subject, ref: body.schema, use }]);
  }
  for (const [key, parameter] of parametersOf(operation)) {
    const use = { direction: 'request', part: 'parameter', name: parameter.name, place: parameter.in } as const;
    all.push([key, { noun: 'parameter', subject: `${subject} parameter:${key}`, ref: parameter.schema, use }]);
  }
  for (const [status, response] of responsesOf(operation)) {
    const of = `${subject} response:${status}`;
    for (const body of response.bodies) all.push(responseBody(of, status, body));
    for (const [key, header] of headersOf(response)) {
      const use = { direction: 'response', part: 'header', name: header.name, place: 'header', status } as const;
      all.push([`${status} ${key}`, { noun: 'header', subject: `${of} header:${key}`, ref: header.schema, use }]);
    }
  }
  return new Map(all);
}

function responseBody(subject: string, status: string, body: HttpBody): readonly [string, Used] {
  const use = { direction: 'response', part: 'body', status, mediaType: body.contentType } as const;
  return [`${status} body ${body.contentType}`, { noun: 'response', subject, ref: body.schema, use }];
}
