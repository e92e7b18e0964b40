import type { Entity, EntityConsumer, Model } from '../../model/types.js';
import { byText, cell, documentFile, nothing } from '../documents/document.js';
import { durationText } from '../documents/duration-text.js';
import { sourceLinks } from '../documents/source-links.js';
import type { Emitter } from '../emitter.js';
import { markdownCellCode, markdownText } from '../names.js';

/** `docs/ownership.md`: who owns each entity, who keeps copies of it, and how a copy stays right. */
export const ownershipMatrix: Emitter = {
  name: 'ownership-matrix',
  summary: 'owner, copies, ordering, deletion and repair of every entity',
  *plan({ model }) {
    const entities = [...model.entities.values()].sort((a, b) => byText(a.name, b.name));
    const copied = entities.filter((entity) => entity.consumers.length > 0);
    const involved = servicesOf(entities);
    const place = sourceLinks(model, 'ownership.md');
    yield documentFile(this.name, 'ownership-matrix', model, 'ownership.md', {
      services: involved.map(markdownText),
      grid: entities.map((entity) => ({
        name: markdownText(entity.name),
        cells: involved.map((service) => standing(entity, service)),
      })),
      entities: entities.map((entity) => ({
        name: markdownText(entity.name),
        description: markdownText(entity.description ?? nothing),
        owner: markdownText(entity.owner),
        consumers: cell(entity.consumers.map((consumer) => consumerText(entity, consumer))),
        place: place(entity.at),
      })),
      copied: copied.map((entity) => ({
        name: markdownText(entity.name),
        key: markdownCellCode(entity.key),
        version: versionText(entity),
        tieBreaker: tieBreakerText(entity),
        stale: staleWords[entity.ordering.stale],
        conflict: markdownText(entity.conflict),
        remove: deleteText(entity),
        tombstone: durationText(entity.delete.tombstoneTtlMs),
        publishWhen: entity.publishWhen === undefined ? 'always' : markdownCellCode(entity.publishWhen.text),
        fullSync: fullSyncText(model, entity),
      })),
    });
  },
};

/** Services that own or copy something. */
function servicesOf(entities: readonly Entity[]): readonly string[] {
  const names = entities.flatMap((entity) => [entity.owner, ...entity.consumers.map((consumer) => consumer.service)]);
  return [...new Set(names)].filter((name) => name !== '').sort(byText);
}

function standing(entity: Entity, service: string): string {
  if (entity.owner === service) return '**owner**';
  const copies = entity.consumers.filter((consumer) => consumer.service === service);
  if (copies.length === 0) return '';
  return copies.every((consumer) => consumer.when !== undefined) ? 'copy, filtered' : 'copy';
}

function consumerText(entity: Entity, consumer: EntityConsumer): string {
  const name = consumer.as === entity.name ? '' : ` as ${markdownText(consumer.as)}`;
  const when = consumer.when === undefined ? '' : ` when ${markdownCellCode(consumer.when.text)}`;
  return `${markdownText(consumer.service)}${name}${when}`;
}

const staleWords: Readonly<Record<Entity['ordering']['stale'], string>> = {
  drop: 'dropped',
  'merge-fields': 'fields merged',
  reject: 'refused',
};

function versionText({ ordering }: Entity): string {
  return ordering.version.kind === 'sequence' ? 'epoch and sequence' : markdownCellCode(ordering.version.path);
}

/** A sequence has no ties: the owner gives each number once. */
function tieBreakerText({ ordering }: Entity): string {
  if (ordering.version.kind === 'sequence') return 'not needed';
  return ordering.tieBreaker === null ? 'none: the later arrival wins' : markdownCellCode(ordering.tieBreaker);
}

function deleteText(entity: Entity): string {
  const { mode, field } = entity.delete;
  return mode === 'soft' && field !== undefined ? `soft, by ${markdownCellCode(field)}` : mode;
}

function fullSyncText(model: Model, entity: Entity): string {
  const sync = entity.fullSync;
  if (sync === undefined) return nothing;
  const operation =
    sync.operationId === undefined ? undefined : model.operations.get(`${entity.owner}.${sync.operationId}`);
  const name = sync.operationId === undefined ? [] : [markdownCellCode(sync.operationId)];
  const path =
    operation === undefined
      ? []
      : [markdownCellCode(`${operation.definition.method.toUpperCase()} ${operation.definition.path}`)];
  const schedule = sync.schedule === undefined ? [] : [`at ${markdownCellCode(sync.schedule)}`];
  const events = sync.dismissEvents ? [] : ['raises events'];
  return cell([...name, ...path, `pages of ${sync.batchSize}`, ...schedule, ...events]);
}
