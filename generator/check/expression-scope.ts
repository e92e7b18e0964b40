import { entitySchema, payloadOf, propertiesOf } from '../model/payload.js';
import type { Model } from '../model/types.js';
import { dialectOfFormat } from '../schema/dialect.js';
import type { Scope } from '../schema/expression.js';
import { normalise, type SchemaRoot } from '../schema/normalise.js';
import type { WrittenExpression } from './expressions.js';

/**
 * The names that an expression over a message may use: the properties of the payload, `entityData` for the entity wherever it lies, and `previous` where there is a
 * state before. Undefined when the contract does not say what the message looks like.
 */
export function scopeOf(model: Model, written: WrittenExpression): Scope | undefined {
  if (written.of === 'states') return undefined;
  const { message, entity: entityName } = written.of;
  const payload = payloadOf(model, message);
  const properties = payload === undefined ? undefined : propertiesOf(model, payload);
  if (payload === undefined || properties === undefined || properties.size === 0) return undefined;
  const entity = entityName === undefined ? undefined : model.entities.get(entityName);
  const shape = (entity && entitySchema(model, entity)) ?? payload;
  const format = model.messages.get(message)?.definition.schemaFormat;
  const dialect = (format === undefined ? undefined : dialectOfFormat(format)) ?? 'asyncapi';
  const roots: readonly SchemaRoot[] = [
    ...[...properties.values()].map(({ name, ref }) => ({ key: `field ${name}`, name, ref, dialect })),
    { key: 'entity', name: 'entityData', ref: shape, dialect },
  ];
  const graph = normalise(model.documents, roots, { reading: 'contract' });
  const entry = (key: string, nullable = false): Scope[string] => {
    const id = graph.roots.get(key);
    return id === undefined ? 'any' : { graph, id, nullable };
  };
  return {
    ...Object.fromEntries([...properties.keys()].map((name) => [name, entry(`field ${name}`)])),
    entityData: properties.has('entityData') ? entry('field entityData') : entry('entity'),
    ...(written.of.previous === true ? { previous: entry('entity', true) } : {}),
  };
}
