import type { Entity, EntityConsumer, Model } from '../../model/types.js';
import { byText, documentFile } from '../documents/document.js';
import { durationText } from '../documents/duration-text.js';
import { type FieldRow, fieldRows } from '../documents/field-rows.js';
import { sourceLinks } from '../documents/source-links.js';
import type { Emitter } from '../emitter.js';
import { markdownCellCode, markdownText } from '../names.js';

/** `docs/fields.md`: which fields of an entity each copy keeps and under which name, and which references a copy waits for. */
export const fieldMatrix: Emitter = {
  name: 'field-matrix',
  summary: 'fields of every copied entity against the copies that keep them, with personal data and waits',
  *plan({ model }) {
    const entities = [...model.entities.values()].sort((a, b) => byText(a.name, b.name));
    const place = sourceLinks(model, 'fields.md');
    yield documentFile(this.name, 'field-matrix', model, 'fields.md', {
      entities: entities
        .filter((entity) => entity.consumers.length > 0)
        .map((entity) => ({ ...entityView(model, entity), place: place(entity.at) })),
      uncopied: entities
        .filter((entity) => entity.consumers.length === 0)
        .map((entity) => `${markdownText(entity.name)} (${markdownText(entity.owner)})`),
    });
  },
};

function entityView(model: Model, entity: Entity) {
  const known = fieldRows(model, entity);
  const rows = [...known, ...strangers(entity, known)];
  return {
    name: markdownText(entity.name),
    owner: markdownText(entity.owner),
    event: markdownText(entity.event ?? 'no message'),
    copies: entity.consumers.map((consumer) => copyName(entity, consumer)),
    rows: rows.map((row) => ({
      path: markdownCellCode(row.path),
      type: markdownText(row.type),
      required: row.required ? 'yes' : '',
      pii: entity.pii.some((item) => covers(item.path, row.path)) ? 'yes' : '',
      cells: entity.consumers.map((consumer) => keeps(consumer, row)),
    })),
    waits: entity.consumers.flatMap((consumer) =>
      consumer.waits.map((wait) => ({
        copy: copyName(entity, consumer),
        entity: markdownText(wait.entity),
        by: markdownCellCode(wait.by),
        optional: wait.optional ? 'may be absent' : 'must be there',
        timeout: durationText(wait.timeoutMs),
        forced: durationText(wait.forceTimeoutMs),
        onTimeout: timeoutWords[wait.onTimeout],
        maxAge: durationText(wait.maxAgeMs),
      })),
    ),
  };
}

function copyName(entity: Entity, consumer: EntityConsumer): string {
  const name = consumer.as === entity.name ? '' : `: ${markdownText(consumer.as)}`;
  return `${markdownText(consumer.service)}${name}`;
}

/** Fields that a copy asks for and the schema does not have: shown, so that nobody takes them for kept. */
function strangers(entity: Entity, known: readonly FieldRow[]): readonly FieldRow[] {
  const paths = new Set(known.map((row) => row.path));
  const asked = entity.consumers.flatMap((consumer) => consumer.fields.map((field) => field.path));
  return [...new Set(asked)]
    .filter((path) => !paths.has(path))
    .sort(byText)
    .map((path) => ({ path, type: 'not in the schema', required: false }));
}

/** A field is kept by itself, or as part of an object that is kept as a whole. */
function keeps(consumer: EntityConsumer, row: FieldRow): string {
  const field = consumer.fields.find((item) => item.path === row.path);
  if (field !== undefined) return field.name === row.path ? 'kept' : `kept as ${markdownCellCode(field.name)}`;
  const whole = consumer.fields.find((item) => covers(item.path, row.path));
  return whole === undefined ? '' : `in ${markdownCellCode(whole.name)}`;
}

function covers(path: string, field: string): boolean {
  return field === path || field.startsWith(`${path}.`);
}

const timeoutWords = {
  park: 'alert, stay parked',
  retry: 'try again',
  'dead-letter': 'dead letter',
  pull: 'ask the owner',
  skip: '**message is skipped**',
} as const;
