import {
  _,
  Ajv,
  type CodeKeywordDefinition,
  type ErrorObject,
  type KeywordCxt,
  Name,
  type Options,
  stringify,
} from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { or } from 'ajv/dist/compile/codegen/index.js';
import { useFunc } from 'ajv/dist/compile/util.js';
import equal from 'ajv/dist/runtime/equal.js';
import standaloneCode from 'ajv/dist/standalone/index.js';
import addFormats from 'ajv-formats';
import formatsModule from 'ajv-formats/dist/formats.js';
import { declaredDialect } from './dialect.js';
import { closure } from './edges.js';
import { toJsonSchema } from './json-schema.js';
import type { Dialect, NodeId, SchemaGraph } from './node.js';

/** One broken keyword. `instancePath` and `schemaPath` are JSON pointers. */
export interface SchemaError {
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message: string;
}

/** Empty when the value is valid. */
export type Check = (value: unknown) => readonly SchemaError[];

export interface CompileOptions {
  /** Draft whose rules apply; default: what `$schema` says, else draft-07. Draft-04 and OpenAPI 3.0 forms must be normalised first. */
  readonly dialect?: Dialect;
  /** Report every broken keyword instead of the first. Default true: people want the whole list. */
  readonly allErrors?: boolean;
  /** Whether only a value's own properties count, and not `constructor` and others that every object inherits. Default false. */
  readonly ownProperties?: boolean;
  /** Whether the validator's code is improved before it is compiled, which takes longest for large schemas. Default true. */
  readonly optimize?: boolean;
  /** Other schemas by the URI that `$ref` uses. */
  readonly references?: Readonly<Record<string, unknown>>;
}

/** Compiles a schema as written, unknown keywords ignored, for validation in this process. Throws when a reference leads nowhere or the schema is malformed. */
export function compileSchema(schema: unknown, options: CompileOptions = {}): Check {
  const dialect = options.dialect ?? declaredDialect(schema) ?? 'draft-07';
  const settings: Options = {
    strict: false,
    allErrors: options.allErrors ?? true,
    ownProperties: options.ownProperties ?? false,
    code: { optimize: options.optimize ?? true },
    validateSchema: false,
    logger: false,
  };
  const references = Object.entries(options.references ?? {});
  if (references.length === 0 && !isNamed(schema)) {
    const ajv = benches.at(dialect, settings);
    const validate = ajv.compile(schema as object);
    // It may be asked to compile the same object when that holds something else.
    if (typeof schema === 'object') ajv.removeSchema(schema as object);
    return checkOf(validate);
  }
  const ajv = withFormats(instanceFor(dialect, settings));
  for (const [uri, other] of references) ajv.addSchema(other as object, uri);
  return checkOf(ajv.compile(schema as object));
}

/** Whether a schema, or a part of it, has a name by which an instance would know it from then on. */
function isNamed(schema: unknown): boolean {
  const open: unknown[] = [schema];
  for (const value of open) {
    if (typeof value !== 'object' || value === null) continue;
    for (const key in value) {
      if (NAMING.has(key)) return true;
      open.push((value as Readonly<Record<string, unknown>>)[key]);
    }
  }
  return false;
}

const NAMING = new Set(['$id', 'id', '$anchor', '$dynamicAnchor', '$recursiveAnchor', '$schema']);

/** Instances of Ajv, which take longer to make than a small schema takes to compile. Each is given up after some schemas, since it forgets nothing. */
class Benches {
  private readonly known = new Map<string, { readonly ajv: Ajv; uses: number }>();

  at(dialect: Dialect, settings: Options): Ajv {
    const key = `${dialect} ${settings.allErrors} ${settings.ownProperties} ${settings.code?.optimize}`;
    const bench = this.known.get(key);
    if (bench && bench.uses++ < USES_MAX) return bench.ajv;
    const made = { ajv: withFormats(instanceFor(dialect, settings)), uses: 1 };
    this.known.set(key, made);
    return made.ajv;
  }
}

const USES_MAX = 30;
const benches = new Benches();

/** Compiles a schema of the graph for validation in this process; the rules are those of the generated validators. */
export function compileNode(graph: SchemaGraph, id: NodeId, options: { readonly allErrors?: boolean } = {}): Check {
  const within = closure((inner) => graph.node(inner), id);
  const ajv = createAjv({ allErrors: options.allErrors ?? false, ...settingsFor(graph, within) });
  const refTo = (target: NodeId) => `seamwright:${encodeURIComponent(target)}`;
  for (const each of within) {
    if (each !== id && graph.node(each).name === undefined) continue;
    const schema = toJsonSchema(graph, each, { refTo, knowsFormat });
    ajv.addSchema(typeof schema === 'boolean' ? constant(schema) : schema, refTo(each));
  }
  const validate = ajv.getSchema(refTo(id));
  if (!validate) throw new Error(`schema "${id}" was not compiled`);
  return checkOf(validate);
}

/** The schema of a published draft or of one of its vocabularies, by its URI; undefined for other URIs. Nothing is fetched. */
export function publishedSchema(uri: string): unknown {
  if (!/^https?:\/\/json-schema\.org\/draft/.test(uri)) return undefined;
  for (const dialect of ['draft-07', '2019-09', '2020-12'] as const) {
    const ajv = instanceFor(dialect, { strict: false, validateSchema: false, logger: false });
    const schema = ajv.schemas[uri]?.schema;
    if (schema !== undefined) return schema;
  }
  return undefined;
}

/** Whether the `format` keyword checks anything under this name; other formats are documentation. */
export function knowsFormat(name: string): boolean {
  return Object.hasOwn((formatsModule as unknown as { fullFormats: object }).fullFormats, name);
}

/**
 * Ajv with the settings of every generated validator. Strict about what would be silently ignored; lenient where ordinary contracts would be refused
 * (`required` away from `properties`, keywords without `type`, open tuples): the normaliser has read those already.
 */
export function createAjv(settings: Options): Ajv {
  const options: Options = {
    strict: true,
    strictTypes: false,
    strictTuples: false,
    strictRequired: false,
    allowMatchingProperties: true,
    inlineRefs: false,
    meta: false,
    validateSchema: false,
    addUsedSchema: false,
    logger: false,
    ...settings,
  };
  const ajv = new Ajv2020(options);
  // Bookkeeping that only `unevaluated...` and `$dynamicRef` need; it makes every validator about twice as long.
  ajv.opts.unevaluated = settings.unevaluated === true;
  ajv.opts.dynamicRef = false;
  ajv.removeKeyword('enum');
  ajv.addKeyword(ENUM);
  return withFormats(ajv as unknown as Ajv);
}

/** A CommonJS module with a `default` member: some loaders hand over the module, others the member. */
const EQUAL = (typeof equal === 'function' ? equal : equal.default) as unknown as { code: string };

/** As Ajv's own `enum`, except that the values are written in place: the original copies the whole schema into the validator to take them from there. */
const ENUM: CodeKeywordDefinition = {
  keyword: 'enum',
  schemaType: 'array',
  error: {
    message: 'must be equal to one of the allowed values',
    params: ({ schema }) => _`{allowedValues: ${stringify(schema)}}`,
  },
  code(context) {
    const values: readonly unknown[] = context.schema;
    const isObject = (value: unknown) => typeof value === 'object' && value !== null;
    const tests = values.map((value) =>
      isObject(value)
        ? _`${useFunc(context.gen, EQUAL)}(${context.data}, ${stringify(value)})`
        : _`${context.data} === ${value as string}`,
    );
    context.pass(or(...tests));
  },
};

/** A boolean schema as an object, which alone can be registered under a name. */
export function constant(accepts: boolean): object {
  return accepts ? {} : { not: {} };
}

/** Switches whose cost only some schemas need to pay. `within`: the schemas that are compiled together. */
export function settingsFor(
  graph: SchemaGraph,
  within: readonly NodeId[],
): { readonly ownProperties: boolean; readonly unevaluated: boolean } {
  const nodes = within.map((each) => graph.node(each));
  return {
    // Properties that every object inherits, such as `constructor`, would look present.
    ownProperties: nodes.some(({ properties, required, dependentRequired }) =>
      [...(properties?.keys() ?? []), ...(required ?? []), ...(dependentRequired?.keys() ?? [])].some(
        (name) => name in Object.prototype,
      ),
    ),
    unevaluated: nodes.some((node) => node.unevaluatedItems !== undefined || node.unevaluatedProperties !== undefined),
  };
}

/** JavaScript source of the validator registered under a URI, still in Ajv's own module form. */
export function sourceOf(ajv: Ajv, uri: string): { readonly code: string; readonly entry: string } {
  const validate = ajv.getSchema(uri);
  if (!validate?.source) throw new Error('the validator was not created for source output');
  return { code: standaloneCode.default(ajv, validate), entry: String(validate.source.validateName) };
}

/** The same for several URIs at once; what they share is written once. `entries` has the function of each URI. */
export function sourceOfAll(
  ajv: Ajv,
  uris: readonly string[],
): { readonly code: string; readonly entries: ReadonlyMap<string, string> } {
  const entries = new Map<string, string>();
  for (const uri of uris) {
    const validate = ajv.getSchema(uri);
    if (!validate?.source) throw new Error('the validator was not created for source output');
    entries.set(uri, String(validate.source.validateName));
  }
  const names = Object.fromEntries(uris.map((uri, index) => [`export${index}`, uri]));
  return { code: standaloneCode.default(ajv, names), entries };
}

/**
 * Registers a schema that some other module will validate: calls to it appear in the generated source under the returned name, its own code does not.
 */
export function declareExternal(ajv: Ajv, uri: string): string {
  ajv.addSchema({}, uri);
  const validate = ajv.getSchema(uri);
  if (!validate?.source) throw new Error('the validator was not created for source output');
  validate.source = { ...validate.source, validateCode: '', scopeValues: {} } as typeof validate.source;
  return String(validate.source.validateName);
}

function instanceFor(dialect: Dialect, options: Options): Ajv {
  if (dialect === '2019-09') return new Ajv2019(options) as unknown as Ajv;
  return dialect === '2020-12' || dialect === 'openapi-3.1' ? new Ajv2020(options) : new Ajv(options);
}

function withFormats<A extends Ajv>(ajv: A): A {
  addFormats.default(ajv);
  flattenUnions(ajv);
  return ajv;
}

/** Ajv nests the test of each alternative in the one before: of thousands the engine can read no such code, or runs out of stack. */
const NESTED_MAX = 100;

/** Lets long `anyOf` and `oneOf` be tested one after the other; the rule keeps its place among the others, and short ones their code. */
function flattenUnions(ajv: Ajv): void {
  for (const keyword of ['anyOf', 'oneOf']) {
    const rule = ajv.RULES.all[keyword];
    if (typeof rule !== 'object' || !('code' in rule.definition)) continue;
    const { definition } = rule;
    const { code } = definition;
    rule.definition = {
      ...definition,
      code: (context) => (context.schema.length > NESTED_MAX ? flatUnion(context) : code(context)),
    };
  }
}

function flatUnion(context: KeywordCxt): void {
  const { gen, keyword, schema, it } = context;
  const passing = gen.let('passing', _`[]`);
  const valid = gen.name('_valid');
  context.setParams({ passing });
  // What all good alternatives have evaluated counts for `unevaluated...`; else some of them are enough.
  const enough = it.opts.unevaluated === true ? Number.POSITIVE_INFINITY : keyword === 'oneOf' ? 2 : 1;
  for (const index of (schema as readonly unknown[]).keys())
    gen.if(_`${passing}.length < ${enough}`, () => {
      const inner = context.subschema({ keyword, schemaProp: index, compositeRule: true }, valid);
      gen.if(valid, () => {
        gen.code(_`${passing}.push(${index})`);
        context.mergeEvaluated(inner, Name);
      });
    });
  const isValid = keyword === 'oneOf' ? _`${passing}.length === 1` : _`${passing}.length > 0`;
  context.result(
    isValid,
    () => context.reset(),
    () => context.error(true),
  );
}

function checkOf(validate: { (value: unknown): unknown; errors?: ErrorObject[] | null }): Check {
  return (value) => {
    if (validate(value) === true) return [];
    return (validate.errors ?? []).map(({ instancePath, schemaPath, keyword, params, message }) => ({
      instancePath,
      schemaPath,
      keyword,
      params: params as Record<string, unknown>,
      message: message ?? keyword,
    }));
  };
}
