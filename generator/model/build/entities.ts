import type { SchemaRef } from '../../load/documents.js';
import { entitySchema, propertiesOf, propertyAt } from '../payload.js';
import type { Entity, EntityConsumer, Message, Service } from '../types.js';
import { type BuildContext, type FeatureFile, sharedFiles } from './context.js';
import type { Node } from './node.js';
import { deadLetter, duration, expression, optional, ordering, security, waits } from './values.js';

interface Parts {
  readonly messages: ReadonlyMap<string, Message>;
  readonly services: ReadonlyMap<string, Service>;
  readonly documents: ReadonlyMap<string, unknown>;
  readonly schemas: readonly {
    readonly name: string;
    readonly ref: SchemaRef;
    readonly document: string;
    readonly at: Entity['at'];
  }[];
}

/**
 * Entities by name. Several features may speak of one: the declaration that gives its event is the main one, the others add consumers.
 * Owners that differ stay in `declarations`, for a rule to refuse.
 */
export function buildEntities(context: BuildContext, parts: Parts): Map<string, Entity> {
  const declarations = new Map<string, { file: FeatureFile; node: Node }[]>();
  for (const file of sharedFiles(context)) {
    for (const [name, node] of file.node.get('entities').entries()) {
      declarations.set(name, [...(declarations.get(name) ?? []), { file, node }]);
    }
  }
  const names = [...declarations.keys()].sort();
  return new Map(names.map((name) => [name, entity(name, declarations.get(name) ?? [], context, parts)]));
}

function entity(
  name: string,
  declarations: readonly { file: FeatureFile; node: Node }[],
  context: BuildContext,
  parts: Parts,
): Entity {
  const [main] = [...declarations].sort((a, b) => weight(b.node) - weight(a.node));
  if (main === undefined) throw new Error(`entity ${name} has no declaration`);
  const { node } = main;
  const { envelope } = context.workspace.settings;
  const event = node.get('event').text();
  const payloadRef = event === undefined ? undefined : parts.messages.get(event)?.definition.payload;
  const payload = node.get('payload').text() ?? defaultPayload(parts, payloadRef, envelope.data);
  const remove = node.get('delete');
  const sync = node.get('full_sync');
  const schema = node.get('schema').text();
  const shape = entitySchema(parts, { ...optional('event', event), payload, ...optional('schema', schema) });
  const owner = node.get('owner').text() ?? '';
  const rule = ordering(node.get('ordering'), envelope.id ?? 'messageId');
  return {
    name,
    owner,
    key: node.get('key').text() ?? 'id',
    ...optional('event', event),
    payload,
    ...optional('schema', schema),
    ordering: rule,
    ...optional('publishWhen', expression(node.get('publish_when'))),
    delete: {
      mode: (remove.text() ?? remove.get('mode').text() ?? 'soft') as Entity['delete']['mode'],
      ...optional('field', remove.get('field').text()),
      tombstoneTtlMs: duration(remove.get('tombstone_ttl')) ?? 30 * 86_400_000,
    },
    conflict: node.get('conflict').text() ?? 'last-write-wins',
    consumers: consumersOf(name, owner, declarations, shape, parts),
    ...(sync.exists
      ? {
          fullSync: {
            ...optional('operationId', sync.get('operationId').text()),
            batchSize: sync.get('batch_size').number() ?? 100,
            ...optional('schedule', sync.get('schedule').text()),
            dismissEvents: sync.get('dismiss_events').flag() ?? true,
            at: sync.keyAt,
          },
        }
      : {}),
    pii: declarations.flatMap((declaration) =>
      declaration.node
        .get('pii')
        .items()
        .map((item) => ({ path: item.text() ?? '', at: item.at })),
    ),
    ...optional('security', security(node.get('security'))),
    deadLetter: deadLetter(node.get('dead_letter')),
    ...optional('description', node.get('description').text()),
    features: [...new Set([main.file.name, ...declarations.map((declaration) => declaration.file.name)])],
    declarations: declarations.map((declaration) => ({
      feature: declaration.file.name,
      owner: declaration.node.get('owner').text() ?? '',
      at: declaration.node.get('owner').at,
    })),
    at: node.keyAt,
  };
}

/** The fullest declaration leads: one with an event before one without, then the one that says more. */
function weight(node: Node): number {
  return (node.get('event').exists ? 1_000 : 0) + node.entries().length;
}

/** `entityData` (or where the workspace's envelope says) when the message has it, else the whole message. */
function defaultPayload(parts: Parts, ref: SchemaRef | undefined, mapped: string | undefined): string {
  if (ref === undefined) return mapped ?? '';
  for (const path of [mapped, 'entityData']) {
    if (path !== undefined && propertyAt(parts, ref, path) !== undefined) return path;
  }
  return '';
}

function consumersOf(
  name: string,
  owner: string,
  declarations: readonly { file: FeatureFile; node: Node }[],
  shape: SchemaRef | undefined,
  parts: Parts,
): readonly EntityConsumer[] {
  const consumers = new Map<string, EntityConsumer>();
  for (const { file, node } of declarations) {
    const list = node.get('consumers');
    const entries: readonly { service: string; node: Node; everyone: boolean }[] =
      list.text() === '*'
        ? everyone(parts.services, owner).map((service) => ({ service, node: list, everyone: true }))
        : list
            .items()
            .map((item) => ({ service: item.text() ?? item.get('service').text() ?? '', node: item, everyone: false }));
    for (const entry of entries) {
      const built = consumer(name, entry, file.name, shape, parts);
      const known = consumers.get(`${built.service} ${built.as}`);
      // A declaration in detail replaces a bare name; between equals the first one stays.
      if (known === undefined || (!known.fieldsGiven && known.waits.length === 0 && entry.node.isMapping)) {
        consumers.set(`${built.service} ${built.as}`, built);
      }
    }
  }
  return [...consumers.values()].sort((a, b) => (a.service < b.service ? -1 : a.service > b.service ? 1 : 0));
}

function consumer(
  entity: string,
  entry: { readonly service: string; readonly node: Node; readonly everyone: boolean },
  feature: string,
  shape: SchemaRef | undefined,
  parts: Parts,
): EntityConsumer {
  const { node } = entry;
  const listed = node.get('fields');
  const map = new Map(
    node
      .get('map')
      .entries()
      .map(([field, path]) => [field, { path: path.text() ?? field, at: path.at }]),
  );
  const all = shape === undefined ? [] : [...propertiesOf(parts, shape).keys()];
  const named = listed.exists
    ? listed.items().map((item) => ({
        name: item.text() ?? '',
        path: map.get(item.text() ?? '')?.path ?? item.text() ?? '',
        at: item.at,
      }))
    : all.map((field) => ({ name: field, path: map.get(field)?.path ?? field, at: node.at }));
  const mapped = [...map]
    .filter(([field]) => !named.some((item) => item.name === field))
    .map(([field, { path, at }]) => ({ name: field, path, at }));
  return {
    service: entry.service,
    as: node.get('as').text() ?? entity,
    fields: [...named, ...mapped],
    fieldsGiven: listed.exists || map.size > 0,
    ...optional('when', expression(node.get('when'))),
    waits: waits(node.get('waits_for')),
    ...optional('batchSize', node.get('batch_size').number()),
    calls: node
      .get('calls')
      .items()
      .map((item) => ({ operationId: item.text() ?? '', at: item.at })),
    everyone: entry.everyone,
    feature,
    at: node.at,
  };
}

/** `consumers: "*"`: every service of role service or api except the owner. */
export function everyone(services: ReadonlyMap<string, Service>, owner: string): readonly string[] {
  return [...services.values()]
    .filter((service) => (service.role === 'service' || service.role === 'api') && service.name !== owner)
    .map((service) => service.name);
}
