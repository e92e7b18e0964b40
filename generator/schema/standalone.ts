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
 * Compiles a schema into source that needs neither ajv nor `require`.
 *
 * Schemas for which `isExternal` holds are called in their own modules instead of being compiled in again: code grows with the number of schemas, not
 * with the number of uses. Where `unevaluated...` keywords look across references everything is compiled in, since they need to see inside.
 */
export function standaloneValidator(
  graph: SchemaGraph,
  id: NodeId,
  isExternal: (id: NodeId) => boolean,
): StandaloneValidator {
  const settings = settingsFor(graph, id);
  const outside = (each: NodeId) =>
    each !== id && !settings.unevaluated && graph.node(each).name !== undefined && isExternal(each);
  const reached = closure((inner) => graph.node(inner), id, outside).filter(
    (each) => each !== id && graph.node(each).name !== undefined,
  );

  const ajv = createAjv({
    code: { source: true, esm: true, lines: true },
    ...settings,
  });
  const refTo = (target: NodeId) => `seamwright:${encodeURIComponent(target)}`;
  const render = (each: NodeId): object => {
    const schema = toJsonSchema(graph, each, { refTo, knowsFormat });
    return typeof schema === 'boolean' ? constant(schema) : schema;
  };
  const calls: { local: string; id: NodeId }[] = [];
  const inside = reached.filter((each) => !outside(each));
  for (const each of reached) if (outside(each)) calls.push({ local: declareExternal(ajv, refTo(each)), id: each });
  for (const each of [id, ...inside]) ajv.addSchema(render(each), refTo(each));
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

/** Ajv always writes the root schema out; nothing reads it once enumerated values stand in place. */
function withoutUnused(code: string): string {
  return code.replace(/^const (schema\d+) = .*;\n/gm, (line, name: string) =>
    code.split(name).length > 2 ? line : '',
  );
}
