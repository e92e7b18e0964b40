import type { SchemaRef } from '../load/documents.js';
import { propertiesOf, propertyAt } from '../model/payload.js';
import type { Model } from '../model/types.js';

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
  const steps = path.split('.');
  for (const [index, step] of steps.entries()) {
    const parent = steps.slice(0, index).join('.');
    const at = propertyAt(model, root, parent);
    if (at === undefined || isOpen(at.schema)) return undefined;
    const properties = propertiesOf(model, at.ref);
    if (properties.size === 0) return undefined;
    if (!properties.has(step)) return { step, parent, among: [...properties.keys()] };
  }
  return undefined;
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
