import { propertiesOf, propertyAt } from '../model/payload.js';
import { schemaCalled } from '../model/sagas/scope.js';
import type { Model } from '../model/types.js';
import type { SchemaRef } from '../schema/ref.js';
import { accessTo } from './access.js';
import type { EmitInput } from './emitter.js';
import type { Imports } from './imports.js';
import { propertyKey, stringLiteral, typeName } from './names.js';

/** Types that a word of a contract means by itself. */
const scalars: Readonly<Record<string, string>> = {
  string: 'string',
  text: 'string',
  number: 'number',
  integer: 'number',
  boolean: 'boolean',
};

/** Type of an entity, a message or a component that a contract names; undefined when it names none. What other generated modules declare is imported. */
export function typeCalled(input: EmitInput, name: string, imports: Imports): string | undefined {
  const { model, types, http } = input;
  if (Object.hasOwn(scalars, name)) return scalars[name];
  const entity = model.entities.get(name);
  const message = types.message(entity?.event ?? name);
  if (entity === undefined && message !== undefined) {
    imports.type(message.typeName, `../${message.module}.js`);
    return message.typeName;
  }
  const payload = entity?.event === undefined ? undefined : model.messages.get(entity.event)?.definition.payload;
  const access = payload === undefined ? undefined : accessTo(model, payload, entity?.payload ?? '');
  if (message !== undefined && access !== undefined) {
    imports.type(message.typeName, `../${message.module}.js`);
    const text = access.type(message.typeName);
    return access.optional ? `NonNullable<${text}>` : text;
  }
  const component = model.schemas.find((schema) => schema.name === (entity?.schema ?? name));
  const holder = http.documents.find(({ document }) => document.path === component?.document);
  const declared = typeName(component?.name ?? '');
  if (component !== undefined && holder?.declarations.some((each) => each.name === declared)) {
    imports.type(declared, `../${holder.document.stem}.types.gen.js`);
    return declared;
  }
  const ref = schemaCalled(model, name);
  return ref === undefined ? undefined : typeOf(model, ref);
}

const deepest = 3;

/** A schema as TypeScript in place, down to three levels; what TypeScript would need a name for is `unknown`. */
export function typeOf(model: Model, ref: SchemaRef, depth = 0): string {
  const schema = propertyAt(model, ref, '')?.schema;
  if (typeof schema !== 'object' || schema === null) return 'unknown';
  const { type, enum: choice } = schema as { readonly type?: unknown; readonly enum?: unknown };
  if (Array.isArray(choice) && choice.length > 0 && choice.every((value) => typeof value === 'string'))
    return choice.map(stringLiteral).join(' | ');
  if (typeof type === 'string' && Object.hasOwn(scalars, type)) return scalars[type] ?? 'unknown';
  if (depth >= deepest) return 'unknown';
  if (type === 'array' && 'items' in schema) {
    const item = typeOf(model, { file: at(model, ref).file, pointer: `${at(model, ref).pointer}/items` }, depth + 1);
    return `readonly ${/ /.test(item) && !item.startsWith('{') ? `(${item})` : item}[]`;
  }
  const properties = [...propertiesOf(model, ref).values()];
  if (properties.length === 0) return 'unknown';
  const members = properties.map(
    ({ name, ref: inner, required }) =>
      `readonly ${propertyKey(name)}${required ? '' : '?'}: ${typeOf(model, inner, depth + 1)}`,
  );
  return `{ ${members.join('; ')} }`;
}

/** Where a schema really stands, references followed. */
function at(model: Model, ref: SchemaRef): SchemaRef {
  return propertyAt(model, ref, '')?.ref ?? ref;
}
