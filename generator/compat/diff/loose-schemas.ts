import type { Position } from '../../diagnostics/position.js';
import { entitySchema } from '../../model/payload.js';
import type { Model } from '../../model/types.js';
import type { SchemaRef } from '../../schema/ref.js';
import type { Change, Noun, SchemaUse } from '../change.js';
import { placed } from './nouns.js';
import { pairs } from './pairs.js';
import { sorted } from './plain.js';
import { sameSchema } from './same-schema.js';
import type { SameSchemas } from './schema-side.js';

/** A schema that no message and no operation holds. */
interface Loose {
  readonly noun: Noun;
  readonly subject: string;
  readonly ref: SchemaRef;
  readonly at: Position;
  readonly features: readonly string[];
  readonly direction: SchemaUse['direction'];
  readonly writers: readonly string[];
  readonly readers: readonly string[];
}

/** Schemas that a feature writes down itself: of entities that no message tells, and the `schemas.request` and `schemas.response` of a small feature. */
export function* looseSchemaChanges(before: Model, after: Model, known: SameSchemas): Iterable<Change> {
  for (const { before: one, after: two } of pairs(looseOf(before), looseOf(after))) {
    if (one === undefined || two === undefined) continue;
    const sides = [
      { documents: before.documents, ref: one.ref },
      { documents: after.documents, ref: two.ref },
    ] as const;
    if (sameSchema(...sides, known)) continue;
    const { noun, subject, direction } = two;
    const writers = sorted([...one.writers, ...two.writers]);
    const readers = sorted([...one.readers, ...two.readers]);
    const part = direction === 'event' ? 'payload' : 'body';
    yield {
      kind: 'schema',
      noun,
      subject,
      features: sorted([...two.features, ...one.features]),
      ...placed(one.at, two.at),
      use: { direction, part, writers, readers },
      before: one.ref,
      after: two.ref,
    };
  }
}

function looseOf(model: Model): ReadonlyMap<string, Loose> {
  const found = new Map<string, Loose>();
  for (const entity of model.entities.values()) {
    const ref = entity.event === undefined ? entitySchema(model, entity) : undefined;
    if (ref === undefined) continue;
    const subject = `entity:${entity.name}`;
    found.set(subject, {
      noun: 'entity',
      subject,
      ref,
      at: model.locate(ref),
      features: entity.features,
      direction: 'event',
      writers: [entity.owner],
      readers: entity.consumers.map((consumer) => consumer.service),
    });
  }
  for (const feature of model.features.values()) {
    for (const { name, ref, at } of feature.quickSchemas) {
      const subject = `feature:${feature.name} schema:${name}`;
      const direction = name === 'request' || name === 'response' ? name : 'event';
      const all = feature.participants;
      found.set(subject, {
        noun: 'feature',
        subject,
        ref,
        at,
        features: [feature.name],
        direction,
        writers: all,
        readers: all,
      });
    }
  }
  return found;
}
