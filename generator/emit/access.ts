import type { SchemaRef } from '../load/documents.js';
import { type PayloadProperty, propertiesOf, propertyAt } from '../model/payload.js';
import type { Model } from '../model/types.js';
import { memberAccess, stringLiteral } from './names.js';

/** How TypeScript reaches a value inside a message. */
export interface Access {
  /** Expression, given the name of the variable that holds the message. */
  from(root: string): string;
  /** Type of the value, given the type of the message: an indexed access, or `unknown` where unions are in the way. */
  type(root: string): string;
  readonly kind: 'string' | 'integer' | 'number' | 'boolean' | 'json';
  /** The value may be absent or null. */
  readonly optional: boolean;
}

/** Access to a dotted path of a payload; undefined when the payload has no such property. */
export function accessTo(model: Pick<Model, 'documents'>, payload: SchemaRef, path: string): Access | undefined {
  const steps = path === '' ? [] : path.split('.');
  const found: PayloadProperty[] = [];
  for (const [index] of steps.entries()) {
    const property = propertyAt(model, payload, steps.slice(0, index + 1).join('.'));
    if (property === undefined) return undefined;
    found.push(property);
  }
  const direct = [payload, ...found.slice(0, -1).map((property) => property.ref)].every((ref, index) =>
    isDirect(model, ref, steps[index] ?? ''),
  );
  const last = found.at(-1);
  return {
    from: (root) => (direct ? expression(root, steps, found) : `at(${root}, ${steps.map(stringLiteral).join(', ')})`),
    type: (root) => (direct ? (plainType(last?.schema) ?? indexedType(root, steps, found)) : 'unknown'),
    kind: last === undefined || !direct ? 'json' : kindOf(last.schema),
    optional: !direct || found.some((property) => !property.required || mayBeNull(property.schema)),
  };
}

/** The value as text: as it stands when it surely is text, else converted. */
export function asText(access: Access, root: string): string {
  return access.kind === 'string' && !access.optional ? access.from(root) : `textOf(${access.from(root)})`;
}

/** `m.entityData?.companyId`: a step after something that may be missing is optional. */
function expression(root: string, steps: readonly string[], found: readonly PayloadProperty[]): string {
  return steps.reduce((text, step, index) => {
    const before = index === 0 ? undefined : found[index - 1];
    return text + memberAccess(step, before !== undefined && (!before.required || mayBeNull(before.schema)));
  }, root);
}

function indexedType(root: string, steps: readonly string[], found: readonly PayloadProperty[]): string {
  return steps.reduce((text, step, index) => {
    const before = index === 0 ? undefined : found[index - 1];
    const holder =
      before !== undefined && (!before.required || mayBeNull(before.schema)) ? `NonNullable<${text}>` : text;
    return `${holder}[${stringLiteral(step)}]`;
  }, root);
}

/** Scalars without a fixed choice of values read better as what they are. */
function plainType(schema: unknown): string | undefined {
  if (!isMapping(schema) || 'enum' in schema || 'const' in schema || 'allOf' in schema) return undefined;
  const kind = kindOf(schema);
  if (kind === 'json') return undefined;
  const name = kind === 'integer' ? 'number' : kind;
  return mayBeNull(schema) ? `${name} | null` : name;
}

/** True when every value of the schema has the property in its type: found under `properties`, not only in a branch of a union. */
function isDirect(model: Pick<Model, 'documents'>, ref: SchemaRef, step: string): boolean {
  if (step === '') return true;
  // Every object has these already, inherited: only an own one is meant.
  if (step in Object.prototype) return false;
  const schema = propertyAt(model, ref, '')?.schema;
  if (!isMapping(schema) || 'oneOf' in schema || 'anyOf' in schema || 'if' in schema || 'not' in schema) return false;
  return propertiesOf(model, ref).has(step);
}

function kindOf(schema: unknown): Access['kind'] {
  if (!isMapping(schema)) return 'json';
  const types = (Array.isArray(schema.type) ? schema.type : [schema.type]).filter((type) => type !== 'null');
  const [type] = types;
  if (types.length !== 1) return 'json';
  return type === 'string' || type === 'integer' || type === 'number' || type === 'boolean' ? type : 'json';
}

/** Only a schema that names its types, without null, is sure. */
function mayBeNull(schema: unknown): boolean {
  if (!isMapping(schema)) return true;
  if (schema.nullable === true) return true;
  const { type } = schema;
  if (type === undefined)
    return (
      !('properties' in schema) &&
      !('const' in schema && schema.const !== null) &&
      !('enum' in schema && Array.isArray(schema.enum) && !schema.enum.includes(null))
    );
  return Array.isArray(type) ? type.includes('null') : type === 'null';
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
