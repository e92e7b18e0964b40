import type { Position } from '../../diagnostics/position.js';
import { entitySchema, payloadOf } from '../../model/payload.js';
import type { Model, Wait } from '../../model/types.js';
import { schemaAt } from '../payload-path.js';
import type { Rule } from '../rule.js';

/** A field refers to an entity by the name `<entity>Id` (also at the end: `createdByEmployeeId`) or by `x-ref` in its schema. */
export const referenceWithoutWait: Rule = {
  id: 'reference-without-wait',
  severity: 'warning',
  title: 'A consumer that copies the entity a field refers to waits for it.',
  why: 'Messages of different entities overtake each other. Without a wait the reference arrives before its row: a foreign key fails, or a join silently loses the row.',
  fix: 'Add the entity to `waits_for`, with `optional: true` when the row may do without.',
  requirements: ['EP-57', 'EP-75'],
  *check(model) {
    for (const reader of readersOf(model)) {
      for (const field of reader.fields) {
        const entity = referredEntity(model, field.name, field.schema);
        if (entity === undefined || entity === reader.entity) continue;
        if (!keepsCopy(model, entity, reader.service) || reader.waits.some((wait) => wait.by === field.path)) continue;
        yield {
          at: field.at,
          message: `${reader.what} reads "${field.path}", a reference to "${entity}" of which "${reader.service}" keeps a copy, without waiting for it.`,
          subject: `${reader.subject} field:${field.path}`,
          fix: `add waits_for: [{ entity: ${entity}, by: ${field.path}, on_timeout: park }], with optional: true if the row may do without.`,
        };
      }
    }
  },
};

interface Reader {
  readonly service: string;
  readonly entity?: string;
  readonly what: string;
  readonly subject: string;
  readonly waits: readonly Wait[];
  readonly fields: readonly {
    readonly name: string;
    readonly path: string;
    readonly schema: unknown;
    readonly at: Position;
  }[];
}

function* readersOf(model: Model): Iterable<Reader> {
  for (const entity of model.entities.values()) {
    const shape = entitySchema(model, entity);
    for (const consumer of entity.consumers) {
      yield {
        service: consumer.service,
        entity: entity.name,
        what: `the copy of "${entity.name}" at "${consumer.service}"`,
        subject: `entity:${entity.name} consumer:${consumer.service}`,
        waits: consumer.waits,
        fields: consumer.fields.map((field) => ({
          name: field.path.split('.').at(-1) ?? field.path,
          path: field.path,
          schema: schemaAt(model, shape, field.path),
          at: field.at,
        })),
      };
    }
  }
  for (const event of model.events.values()) {
    const payload = payloadOf(model, event.message);
    for (const consumer of event.consumers) {
      yield {
        service: consumer.service,
        ...(event.entity === undefined ? {} : { entity: event.entity }),
        what: `"${consumer.service}" on event "${event.name}"`,
        subject: `event:${event.name} consumer:${consumer.service}`,
        waits: consumer.waits,
        // Without `needs` the contract does not say what the handler reads, and a guess would be noise.
        fields: consumer.needs.map(({ path, at }) => ({
          name: path.split('.').at(-1) ?? path,
          path,
          schema: schemaAt(model, payload, path),
          at,
        })),
      };
    }
  }
}

function referredEntity(model: Model, field: string, schema: unknown): string | undefined {
  const named = typeof schema === 'object' && schema !== null && 'x-ref' in schema ? schema['x-ref'] : undefined;
  if (typeof named === 'string' && model.entities.has(named)) return named;
  if (!/(Id|_id|-id)$/.test(field)) return undefined;
  const stem = field
    .replace(/[-_]?[iI]d$/, '')
    .replace(/[-_]/g, '')
    .toLowerCase();
  const candidates = [...model.entities.keys()].filter((name) => stem.endsWith(name.toLowerCase()));
  return candidates.sort((a, b) => b.length - a.length)[0];
}

function keepsCopy(model: Model, entity: string, service: string): boolean {
  return model.entities.get(entity)?.consumers.some((consumer) => consumer.service === service) ?? false;
}
