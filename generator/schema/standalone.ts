import { constant, createAjv, declareExternal, knowsFormat, settingsFor, sourceOf } from './ajv.js';
import { closure } from './edges.js';
import { toJsonSchema } from './json-schema.js';
import type { NodeId, SchemaGraph } from './node.js';

/** Source of one validator, ready to be placed in a module. */
export interface StandaloneValidator {
  /** JavaScript statements without imports and exports. */
  readonly code: string;
  /** Name of the validating function within `code`. */
  readonly entry: string;
  /** What the code takes from `seamwright/runtime/validation`, sorted. */
  readonly runtime: readonly string[];
  /** Validators of other schemas that it calls, by the local name it calls them. */
  readonly calls: readonly { readonly local: string; readonly id: NodeId }[];
}

/**
 * The schemas whose rules one module holds: the schema itself, its inline parts, and what is not external.
 * Where an `unevaluated...` keyword looks across references that is everything, since it needs to see inside.
 */
export function compiledTogether(
  graph: SchemaGraph,
  id: NodeId,
  isExternal: (id: NodeId) => boolean,
): { readonly within: readonly NodeId[]; readonly external: readonly NodeId[] } {
  const body = (each: NodeId) => graph.node(each);
  const outside = (each: NodeId) => each !== id && graph.node(each).name !== undefined && isExternal(each);
  const near = closure(body, id, outside);
  const within = near.filter((each) => !outside(each));
  if (settingsFor(graph, within).unevaluated) return { within: closure(body, id), external: [] };
  return { within, external: near.filter(outside) };
}

/**
 * Compiles a schema into source that needs neither ajv nor `require`.
 *
 * Schemas for which `isExternal` holds are called in their own modules instead of being compiled in again: code grows with the number of schemas, not
 * with the number of uses.
 */
export function standaloneValidator(
  graph: SchemaGraph,
  id: NodeId,
  isExternal: (id: NodeId) => boolean,
): StandaloneValidator {
  const { within, external } = compiledTogether(graph, id, isExternal);
  const ajv = createAjv({
    code: { source: true, esm: true, lines: true },
    ...settingsFor(graph, within),
  });
  const refTo = (target: NodeId) => `seamwright:${encodeURIComponent(target)}`;
  const render = (each: NodeId): object => {
    const schema = toJsonSchema(graph, each, { refTo, knowsFormat });
    return typeof schema === 'boolean' ? constant(schema) : schema;
  };
  const calls = external.map((each) => ({ local: declareExternal(ajv, refTo(each)), id: each }));
  for (const each of within)
    if (each === id || graph.node(each).name !== undefined) ajv.addSchema(render(each), refTo(each));
  const { code, entry } = sourceOf(ajv, refTo(id));
  return {
    ...withoutRequire(code),
    entry,
    calls: calls.filter(({ local }) => new RegExp(`\\b${local}\\(`).test(code)),
  };
}

/** What Ajv's source asks for, and the export of `seamwright/runtime/validation` that answers. */
const PROVIDED: Readonly<Record<string, string>> = {
  'ajv-formats/dist/formats': 'formats',
  'ajv/dist/runtime/ucs2length': 'ucs2length',
  'ajv/dist/runtime/equal': 'equal',
};

/** Ajv writes each import as a line of its own; anchoring to whole lines keeps contract text that looks like one untouched. */
const REQUIRE = /^const (\w+) = require\("([^"]+)"\)(.*);$/gm;

/** Ajv's source with the answers of `seamwright/runtime/validation` in place of its `require` calls, without its exports. */
export function withoutRequire(source: string): { readonly code: string; readonly runtime: readonly string[] } {
  const runtime = new Set<string>();
  const code = source
    .replace(/^"use strict";\n?/, '')
    .replace(/^export .*;$/gm, '')
    .replace(REQUIRE, (_line, local: string, module: string, member: string) => {
      const name = PROVIDED[module];
      if (name === undefined) throw new Error(`generated validators have nothing to answer require("${module}") with`);
      runtime.add(name);
      return `const ${local} = ${name}${member === '.default' ? '' : member};`;
    });
  return { code: withoutUnused(code).trim(), runtime: [...runtime].sort() };
}

/** Ajv always writes the root schema out; nothing reads it once enumerated values stand in place. Uses are counted in one pass: modules of many operations are megabytes. */
function withoutUnused(code: string): string {
  const uses = new Map<string, number>();
  for (const [name] of code.matchAll(/\bschema\d+\b/g)) uses.set(name, (uses.get(name) ?? 0) + 1);
  return code.replace(/^const (schema\d+) = .*;\n/gm, (line, name: string) => ((uses.get(name) ?? 0) > 1 ? line : ''));
}
