import type { Position } from '../diagnostics/position.js';
import type { SchemaRef } from '../load/documents.js';
import { lookUp } from '../schema/look-up.js';
import type { Entity, Model } from './types.js';

/** A property of a payload: where its schema stands and whether every message has it. */
export interface PayloadProperty {
  readonly name: string;
  /** The schema itself, references followed. */
  readonly ref: SchemaRef;
  readonly schema: unknown;
  readonly required: boolean;
}

type Documents = Pick<Model, 'documents'>;

/** Schema of a message's payload; undefined when the message is unknown or has none. */
export function payloadOf(model: Pick<Model, 'messages'>, message: string): SchemaRef | undefined {
  return model.messages.get(message)?.definition.payload;
}

/** Schema of the entity itself: its named component schema, else the part of its message that carries it. */
export function entitySchema(
  model: Pick<Model, 'messages' | 'documents' | 'schemas'>,
  entity: Pick<Entity, 'event' | 'payload' | 'schema'>,
): SchemaRef | undefined {
  const payload = entity.event === undefined ? undefined : payloadOf(model, entity.event);
  if (payload !== undefined) return propertyAt(model, payload, entity.payload)?.ref;
  return model.schemas.find((schema) => schema.name === entity.schema)?.ref;
}

/**
 * Properties of an object schema, those of `allOf` parts included; those of `oneOf`/`anyOf` parts count as optional.
 * Empty when the schema is no object. Recursive schemas are read one level deep.
 */
export function propertiesOf(model: Documents, ref: SchemaRef): ReadonlyMap<string, PayloadProperty> {
  const found = new Map<string, PayloadProperty>();
  collect(model, ref, true, found, new Set());
  return found;
}

/** Follows a dotted path (`entityData.companyId`); the empty path is the schema itself. Required only when every step is. */
export function propertyAt(
  model: Documents,
  ref: SchemaRef,
  path: string,
): (PayloadProperty & { readonly at?: Position }) | undefined {
  const root = lookUp(model.documents, ref);
  if (root === undefined) return undefined;
  let current: PayloadProperty = { name: '', ref: root.ref, schema: root.value, required: true };
  for (const step of path === '' ? [] : path.split('.')) {
    const next = propertiesOf(model, current.ref).get(step);
    if (next === undefined) return undefined;
    current = { ...next, required: next.required && current.required };
  }
  return current;
}

function collect(
  model: Documents,
  ref: SchemaRef,
  sure: boolean,
  into: Map<string, PayloadProperty>,
  seen: Set<string>,
): void {
  const found = lookUp(model.documents, ref);
  if (found === undefined || !isObject(found.value)) return;
  const identity = `${found.ref.file}#${found.ref.pointer}`;
  if (seen.has(identity)) return;
  seen.add(identity);
  const schema = found.value;
  const required = new Set(Array.isArray(schema.required) ? schema.required : []);
  if (isObject(schema.properties)) {
    for (const name of Object.keys(schema.properties)) {
      const property = lookUp(model.documents, {
        file: found.ref.file,
        pointer: `${found.ref.pointer}/properties/${escapeToken(name)}`,
      });
      if (property === undefined) continue;
      const known = into.get(name);
      into.set(name, {
        name,
        ref: property.ref,
        schema: property.value,
        required: (known?.required ?? false) || (sure && required.has(name)),
      });
    }
  }
  for (const name of required) {
    const known = typeof name === 'string' ? into.get(name) : undefined;
    if (known !== undefined && sure) into.set(known.name, { ...known, required: true });
  }
  for (const keyword of ['allOf', 'oneOf', 'anyOf'] as const) {
    const parts = schema[keyword];
    if (!Array.isArray(parts)) continue;
    parts.forEach((_, index) => {
      collect(
        model,
        { file: found.ref.file, pointer: `${found.ref.pointer}/${keyword}/${index}` },
        sure && keyword === 'allOf',
        into,
        seen,
      );
    });
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function escapeToken(token: string): string {
  return token.replaceAll('~', '~0').replaceAll('/', '~1');
}
