import { type Check, type CompileOptions, compileNode, compileSchema } from '../../ajv.js';
import { declaredDialect } from '../../dialect.js';
import type { Dialect } from '../../node.js';
import { normalise } from '../../normalise.js';
import { keyOf } from '../json.js';
import type { Refusal, SchemaSource } from '../verdict.js';
import { isSoonJudged, slowPatterns } from './patience.js';

/** What Ajv says about values under a schema as it was written. Compiled when first asked. */
export interface Judge {
  /** Undefined when the schema cannot be compiled. */
  refusals(value: unknown): readonly Refusal[] | undefined;
  /** Whether the answer is the same with all settings of the validator that change answers, some of them by mistake. */
  isFirm(value: unknown): boolean;
  /** Whether it can judge anything. */
  canJudge(): boolean;
}

/** Beyond so many schemas for one value, a validator may not come back. */
const UNFOLDING_MAX = 100_000;

/** `unfolding`: how many schemas a validator may go through for one value. */
export function judgeOf(source: SchemaSource, dialect: Dialect, unfolding: () => number): Judge {
  const checks = new Map<CompileOptions, Check | undefined>();
  const slow = slowPatterns(source);
  let endless: boolean | undefined;
  const isEndless = (): boolean => {
    endless ??= unfolding() > UNFOLDING_MAX;
    return endless;
  };
  const ask = (value: unknown, settings: CompileOptions): ReturnType<Check> | undefined => {
    if (isEndless() || !isSoonJudged(slow, value)) return undefined;
    if (!checks.has(settings)) checks.set(settings, compiled(source, dialect, settings));
    try {
      return checks.get(settings)?.(value);
    } catch {
      // Some validators break down over nested `unevaluated...`, or never come back from a reference to themselves.
      return undefined;
    }
  };
  return {
    refusals: (value) =>
      ask(value, PLAIN)?.map(({ instancePath, schemaPath, keyword, message }) => ({
        instance: instancePath,
        schema: schemaPath.replace(/^#/, ''),
        keyword,
        message,
      })),
    canJudge: () => ask(null, PLAIN) !== undefined || checks.get(PLAIN) !== undefined,
    isFirm(value) {
      const plain = ask(value, PLAIN)?.length === 0;
      const others = mentionsInherited(source.schema) ? [THOROUGH, OWN] : [THOROUGH];
      return others.every((settings) => {
        const errors = ask(value, settings);
        return errors !== undefined && (errors.length === 0) === plain;
      });
    },
  };
}

const PLAIN: CompileOptions = { allErrors: false, optimize: false };
const THOROUGH: CompileOptions = { allErrors: true, optimize: false };
const OWN: CompileOptions = { allErrors: false, optimize: false, ownProperties: true };

/** The drafts that Ajv reads as they are. */
const NATIVE: ReadonlySet<Dialect> = new Set(['draft-06', 'draft-07', '2019-09', '2020-12']);

/** Undefined when the schema cannot be compiled; every fault of it was written by somebody else. */
function compiled(source: SchemaSource, dialect: Dialect, settings: CompileOptions): Check | undefined {
  try {
    if (source.place || !NATIVE.has(dialect)) return throughNormalForm(source, dialect, settings.allErrors ?? false);
    return compileSchema(source.schema, { dialect, ...settings });
  } catch {
    return undefined;
  }
}

/** Dialects that extend JSON Schema, and schemas that refer to other files, are judged by what generated validators are made from. */
function throughNormalForm(source: SchemaSource, dialect: Dialect, allErrors: boolean): Check {
  const file = '/schema.json';
  const documents = source.place?.documents ?? new Map([[file, source.schema]]);
  const ref = source.place?.ref ?? { file, pointer: '' };
  const graph = normalise(documents, [{ key: 'root', name: 'Root', ref, dialect }]);
  if (graph.problems.some(({ code }) => code !== 'keyword-unknown')) throw new Error('the schema cannot be read');
  return compileNode(graph, graph.roots.get('root') ?? '', { allErrors });
}

/** Whether a schema names a property that every object inherits, such as `constructor`; validators differ about those. */
function mentionsInherited(schema: unknown): boolean {
  const text = keyOf(schema);
  return INHERITED.some((name) => text.includes(`"${name}"`));
}

const INHERITED = Object.getOwnPropertyNames(Object.prototype);

/** The dialect a schema is judged in. */
export function dialectOf({ schema, dialect, place }: SchemaSource): Dialect {
  return (
    dialect ?? declaredDialect(schema) ?? (place && declaredDialect(place.documents.get(place.ref.file))) ?? '2020-12'
  );
}
