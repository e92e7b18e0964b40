import { publishedSchema } from '../ajv.js';
import type { Documents } from '../ref.js';
import { Closing } from './closing.js';
import type { Formula } from './formula.js';
import type { Formulas } from './formulas.js';
import { FormulaReader } from './reader.js';
import type { Reading } from './reading.js';
import type { Spot } from './references.js';
import { dialectOf, type Judge, judgeOf } from './refute/judge.js';
import { largestUnfolding } from './refute/unfolding.js';
import { type Place, Resources } from './resources.js';
import { NO_SCOPE } from './scope.js';
import type { SchemaSource, Verdict } from './verdict.js';

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

/** A source that is asked about, with all that need not be found out again for the next question. None of it depends on what was asked before. */
export class KnownSource {
  readonly judge: Judge;
  private readonly source: SchemaSource;
  private readonly verdicts = new WeakMap<KnownSource, Map<string, Verdict>>();
  private start: Start | undefined;

  constructor(source: SchemaSource) {
    this.source = source;
    this.judge = judgeOf(source, dialectOf(source), () => {
      const { place, resources } = this.started();
      return place ? largestUnfolding(resources, { place, scope: NO_SCOPE }) : 0;
    });
  }

  /** What has been decided about a writer, by how it was asked. */
  verdictsAbout(writer: KnownSource): Map<string, Verdict> {
    const known = this.verdicts.get(writer) ?? new Map<string, Verdict>();
    this.verdicts.set(writer, known);
    return known;
  }

  /** Reads the schema into formulas of one question. */
  read(formulas: Formulas, reading: Reading): ReadSchema {
    const { place, resources } = this.started();
    if (!place) {
      const formula = formulas.opaque(`nothing stands at "${this.source.place?.ref.pointer}"`);
      return { formula, closing: () => formulas.true, ambiguous: new Set(), isDelicate: false };
    }
    const reader = new FormulaReader(formulas, resources, reading);
    const spot: Spot = { place, scope: NO_SCOPE };
    const formula = reader.formulaOf(spot);
    return {
      formula,
      closing: () => new Closing(reader).of([spot]),
      ambiguous: reader.ambiguous,
      isDelicate: reader.isDelicate,
    };
  }

  private started(): Start {
    this.start ??= startOf(this.source);
    return this.start;
  }
}

interface Start {
  readonly resources: Resources;
  readonly place: Place | undefined;
}

function startOf(source: SchemaSource): Start {
  if (source.place) {
    const resources = resourcesOf(source.place.documents, source);
    return { resources, place: resources.at(source.place.ref.file, source.place.ref.pointer) };
  }
  const resources = new Resources(publishedSchema);
  return { resources, place: resources.add('/schema.json', source.schema, dialectOf(source), false) };
}

const known = new WeakMap<Documents, Map<string, Resources>>();

/** Scanned once for all places of the same documents. */
function resourcesOf(documents: Documents, source: SchemaSource): Resources {
  const byDialect = known.get(documents) ?? new Map<string, Resources>();
  known.set(documents, byDialect);
  const dialect = dialectOf(source);
  const before = byDialect.get(dialect);
  if (before) return before;
  const resources = new Resources(publishedSchema);
  byDialect.set(dialect, resources);
  for (const [path, document] of documents) resources.add(path, document, dialect, true);
  return resources;
}
