import { type PayloadProperty, propertiesOf, propertyAt } from '../model/payload.js';
import type { Model } from '../model/types.js';
import type { SchemaRef } from '../schema/ref.js';

/** The step of a dotted path at which a schema stops, and the properties that stand there. */
export interface MissingStep {
  readonly step: string;
  /** The path up to there, '' at the top. */
  readonly parent: string;
  readonly among: readonly string[];
}

/**
 * Says where a dotted path leaves a payload, or undefined when it stays inside or the schema leaves it open.
 *
 * Open are: a schema without properties (a free object, a list, an unresolved reference) and one that types its further or patterned properties.
 */
export function missingStep(model: Model, root: SchemaRef | undefined, path: string): MissingStep | undefined {
  if (root === undefined || path === '') return undefined;
  let current = propertyAt(model, root, '');
  const walked: string[] = [];
  for (const step of path.split('.')) {
    if (current === undefined || isOpen(current.schema)) return undefined;
    const properties = knownProperties(model, current.ref);
    if (properties.size === 0) return undefined;
    if (!properties.has(step)) return { step, parent: walked.join('.'), among: [...properties.keys()] };
    current = properties.get(step);
    walked.push(step);
  }
  return undefined;
}

/** The schema at a dotted path; undefined when the path leaves the payload. */
export function schemaAt(model: Model, root: SchemaRef | undefined, path: string): unknown {
  let current = root === undefined ? undefined : propertyAt(model, root, '');
  for (const step of path.split('.')) current = current && knownProperties(model, current.ref).get(step);
  return current?.schema;
}

const memo = new WeakMap<Model, Map<string, ReadonlyMap<string, PayloadProperty>>>();

/** Many rules ask for the same schema, once for each field of each consumer. A model never changes, so the answer may be kept. */
function knownProperties(model: Model, ref: SchemaRef): ReadonlyMap<string, PayloadProperty> {
  const known = memo.get(model) ?? new Map<string, ReadonlyMap<string, PayloadProperty>>();
  memo.set(model, known);
  const identity = `${ref.file}#${ref.pointer}`;
  const properties = known.get(identity) ?? propertiesOf(model, ref);
  known.set(identity, properties);
  return properties;
}

/** Joins two dotted paths, either of which may be empty. */
export function joined(parent: string, path: string): string {
  return parent === '' ? path : path === '' ? parent : `${parent}.${path}`;
}

function isOpen(schema: unknown): boolean {
  if (typeof schema !== 'object' || schema === null) return true;
  const further = 'additionalProperties' in schema ? schema.additionalProperties : undefined;
  return (typeof further === 'object' && further !== null) || 'patternProperties' in schema;
}
