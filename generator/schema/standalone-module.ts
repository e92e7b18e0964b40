import { constant, createAjv, knowsFormat, settingsFor, sourceOfAll } from './ajv.js';
import { closure } from './edges.js';
import { toJsonSchema } from './json-schema.js';
import type { NodeId, SchemaGraph } from './node.js';
import { withoutRequire } from './standalone.js';

/** Source of validators that share one module. */
export interface StandaloneModule {
  /** JavaScript statements without imports and exports. */
  readonly code: string;
  /** The validating function of each schema, within `code`. */
  readonly entries: ReadonlyMap<NodeId, string>;
  /** What the code takes from `seamwright/runtime/validation`, sorted. */
  readonly runtime: readonly string[];
}

/** Compiles several schemas into one piece of source; the schemas that they have in common are compiled once. */
export function standaloneModule(graph: SchemaGraph, ids: readonly NodeId[]): StandaloneModule {
  const reached = new Set(ids.flatMap((id) => closure((each) => graph.node(each), id)));
  const ajv = createAjv({
    code: { source: true, esm: true, lines: true },
    ...settingsFor(graph, [...reached]),
  });
  const refTo = (target: NodeId) => `seamwright:${encodeURIComponent(target)}`;
  for (const each of reached) {
    if (graph.node(each).name === undefined && !ids.includes(each)) continue;
    const schema = toJsonSchema(graph, each, { refTo, knowsFormat });
    ajv.addSchema(typeof schema === 'boolean' ? constant(schema) : schema, refTo(each));
  }
  const { code, entries } = sourceOfAll(ajv, ids.map(refTo));
  return {
    ...withoutRequire(code),
    entries: new Map(ids.map((id) => [id, entries.get(refTo(id)) ?? ''])),
  };
}
