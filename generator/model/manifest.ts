import { createHash } from 'node:crypto';
import type { HttpOperation, SchemaRef } from '../load/documents.js';
import { schemaFingerprint } from '../schema/fingerprint.js';
import type { Message, Model, Operation } from './types.js';

export interface ModelManifest {
  readonly text: string;
  readonly fingerprint: string;
}

/** A model never changes, and hashing every payload of a large one takes a while. */
const manifests = new WeakMap<Model, ModelManifest>();

/**
 * The model as canonical JSON: keys sorted, no positions, no paths of this machine, payloads as fingerprints. Two folders of contracts that mean the same have the
 * same text; `fingerprint` is its SHA-256.
 */
export function modelManifest(model: Model): ModelManifest {
  const known = manifests.get(model);
  if (known !== undefined) return known;
  const made = makeManifest(model);
  manifests.set(model, made);
  return made;
}

function makeManifest(model: Model): ModelManifest {
  const value = plain({
    seamwright: '1',
    system: model.system,
    features: model.features,
    services: model.services,
    resources: model.resources,
    entities: model.entities,
    messages: new Map([...model.messages].map(([name, message]) => [name, messageFacts(model, message)])),
    events: model.events,
    commands: model.commands,
    operations: new Map([...model.operations].map(([name, operation]) => [name, operationFacts(model, operation)])),
    policies: model.policies,
    http: model.http,
    sagas: model.sagas,
    flows: model.flows,
    jobs: model.jobs,
    dependencies: model.dependencies,
    edges: model.edges,
  });
  const text = `${JSON.stringify(value, null, 2)}\n`;
  return { text, fingerprint: createHash('sha256').update(text).digest('hex') };
}

/** Facts about where something was written, which say nothing about what it means. */
const places = new Set([
  'at',
  'mentions',
  'declarations',
  'given',
  'jitterGiven',
  'document',
  'documents',
  'from',
  'ref',
]);

function plain(value: unknown): unknown {
  if (value instanceof Map) return plain(Object.fromEntries(value));
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(
    ([key, item]) => item !== undefined && !(places.has(key) && isPlace(key, item)),
  );
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([key, item]) => [key, plain(item)]),
  );
}

/** An edge's `from` is a service, an event's `from` tells how it was found. */
function isPlace(key: string, value: unknown): boolean {
  return key !== 'from' || value === 'table' || value === 'operations';
}

function messageFacts(model: Model, message: Message): unknown {
  const { definition } = message;
  const hash = (ref: SchemaRef | undefined): string | undefined =>
    ref === undefined ? undefined : schemaFingerprint(model.documents, ref);
  return {
    version: message.version,
    contentType: definition.contentType,
    correlationId: definition.correlationId,
    payload: hash(definition.payload),
    headers: hash(definition.headers),
    channels: message.channels.map((channel) => ({
      id: channel.id,
      address: channel.address,
      exchange: channel.exchange,
      protocols: channel.protocols,
    })),
    senders: message.senders.map((use) => use.service),
    receivers: message.receivers.map((use) => use.service),
    features: message.features,
  };
}

function operationFacts(model: Model, operation: Operation): unknown {
  const { definition } = operation;
  const hash = (ref: SchemaRef | undefined): string | undefined =>
    ref === undefined ? undefined : schemaFingerprint(model.documents, ref);
  const bodies = (list: HttpOperation['responses'][number]['bodies']): unknown =>
    list.map((body) => ({ contentType: body.contentType, schema: hash(body.schema) }));
  return {
    method: definition.method,
    path: definition.path,
    security: definition.security,
    idempotencyHeader: operation.idempotencyHeader,
    parameters: definition.parameters.map((item) => ({
      name: item.name,
      in: item.in,
      required: item.required,
      schema: hash(item.schema),
    })),
    requestBody: definition.requestBody && {
      required: definition.requestBody.required,
      bodies: bodies(definition.requestBody.bodies),
    },
    responses: definition.responses.map((item) => ({ status: item.status, bodies: bodies(item.bodies) })),
  };
}
