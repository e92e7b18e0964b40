import { publishedSchema } from '../ajv.js';
import { Closing } from './closing.js';
import type { Formula } from './formula.js';
import type { Formulas } from './formulas.js';
import { FormulaReader } from './reader.js';
import type { Reading } from './reading.js';
import type { Spot } from './references.js';
import { dialectOf } from './refute/judge.js';
import { type Place, Resources } from './resources.js';
import { NO_SCOPE } from './scope.js';
import type { SchemaSource } from './verdict.js';

/** A schema that was read. */
export interface ReadSchema {
  readonly formula: Formula;
  /** What a writer adds that sends only what it declares. */
  closing(): Formula;
  /** Where the specification and validators may differ about it. */
  readonly ambiguous: ReadonlySet<keyof Reading>;
  /** Whether validators may misjudge it, so that a proof does not bind them. */
  readonly isDelicate: boolean;
}

/** As Ajv reads. */
export const AS_VALIDATED: Reading = { siblings: 'count', items: 'generous' };

/** Reads a schema into a formula. */
export function readSchema(formulas: Formulas, source: SchemaSource, reading: Reading): ReadSchema {
  const resources = new Resources(publishedSchema);
  const start = startOf(resources, source);
  const reader = new FormulaReader(formulas, resources, reading);
  if (!start) {
    const formula = formulas.opaque(`nothing stands at "${source.place?.ref.pointer}"`);
    return { formula, closing: () => formulas.true, ambiguous: new Set(), isDelicate: false };
  }
  const spot: Spot = { place: start, scope: NO_SCOPE };
  const formula = reader.formulaOf(spot);
  return {
    formula,
    closing: () => new Closing(reader).of([spot]),
    ambiguous: reader.ambiguous,
    isDelicate: reader.isDelicate,
  };
}

function startOf(resources: Resources, source: SchemaSource): Place | undefined {
  const dialect = dialectOf(source);
  if (!source.place) return resources.add('/schema.json', source.schema, dialect, false);
  for (const [path, document] of source.place.documents) resources.add(path, document, dialect, true);
  return resources.at(source.place.ref.file, source.place.ref.pointer);
}
