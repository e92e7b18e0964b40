import type { Entity, EntityConsumer, Model } from '../../model/types.js';
import { canonicalJson } from '../../schema/edges.js';
import type { Change } from '../change.js';
import { deadLetterSettings, orderingSettings, securitySettings, waitSettings } from './listening.js';
import { compareNouns, type NounTable } from './nouns.js';
import { type Pair, pairs } from './pairs.js';
import { sorted } from './plain.js';

/** Entities and their copies. */
export function* entityChanges(before: Model, after: Model): Iterable<Change> {
  const found = pairs(before.entities, after.entities, shape);
  for (const pair of found) {
    yield* compareNouns([pair], entityTable);
    if (pair.before !== undefined && pair.after !== undefined) yield* copyChanges(pair);
  }
}

const entityTable: NounTable<Entity> = {
  noun: 'entity',
  subject: (name) => `entity:${name}`,
  features: (entity) => entity.features,
  at: (entity) => entity.at,
  settings: (entity) => ({
    owner: entity.owner,
    key: entity.key,
    event: entity.event,
    payload: entity.payload,
    schema: entity.schema,
    ...orderingSettings(entity.ordering),
    publish_when: entity.publishWhen?.text,
    'delete.mode': entity.delete.mode,
    'delete.field': entity.delete.field,
    'delete.tombstone_ttl': entity.delete.tombstoneTtlMs,
    conflict: entity.conflict,
    'full_sync.operationId': entity.fullSync?.operationId,
    full_sync: entity.fullSync !== undefined,
    'full_sync.batch_size': entity.fullSync?.batchSize,
    'full_sync.schedule': entity.fullSync?.schedule,
    'full_sync.dismiss_events': entity.fullSync?.dismissEvents,
    pii: sorted(entity.pii.map(({ path }) => path)),
    ...securitySettings(entity.security),
    ...deadLetterSettings(entity.deadLetter),
  }),
  place(entity, setting) {
    if (setting === 'owner') return entity.declarations.find(({ owner }) => owner === entity.owner)?.at;
    if (setting.startsWith('ordering.')) return entity.ordering.at;
    if (setting.startsWith('full_sync')) return entity.fullSync?.at;
    if (setting.startsWith('dead_letter.')) return entity.deadLetter.at;
    if (setting === 'publish_when') return entity.publishWhen?.at;
    return setting === 'security' ? entity.security?.at : undefined;
  },
};

/** What tells its changes is what it is; an entity without a message has nothing to be known again by. */
function shape({ event, owner, key, payload }: Entity): string | undefined {
  return event === undefined ? undefined : canonicalJson([event, owner, key, payload]);
}

function copyChanges({ name, from, before, after }: Pair<Entity>): Iterable<Change> {
  const table: NounTable<EntityConsumer> = {
    noun: 'copy',
    subject: (copy) => `entity:${name} copy:${copy}`,
    features: (copy) => [copy.feature],
    at: (copy) => copy.at,
    settings: (copy) => ({
      service: copy.service,
      // A copy is named after its entity unless it says otherwise.
      as: copy.as === name || copy.as === from ? undefined : copy.as,
      // Who takes everything takes what the schema says; that it says otherwise is a change of the schema.
      fields: copy.fieldsGiven ? Object.fromEntries(copy.fields.map((field) => [field.name, field.path])) : undefined,
      when: copy.when?.text,
      waits_for: waitSettings(copy.waits),
      batch_size: copy.batchSize,
      calls: sorted(copy.calls.map(({ operationId }) => operationId)),
    }),
    place: (copy, setting) => (setting === 'when' ? copy.when?.at : undefined),
  };
  return compareNouns(pairs(copies(before), copies(after)), table);
}

/** By service; by service and name of the copy where one service keeps several. */
function copies(entity: Entity | undefined): ReadonlyMap<string, EntityConsumer> {
  const all = entity?.consumers ?? [];
  const several = (service: string): boolean => all.filter((copy) => copy.service === service).length > 1;
  return new Map(all.map((copy) => [several(copy.service) ? `${copy.service}/${copy.as}` : copy.service, copy]));
}
