import { type Check, compileNode } from '../../generator/schema/ajv.js';
import type { NodeId, SchemaGraph } from '../../generator/schema/node.js';

const compiled = new WeakMap<SchemaGraph, Map<NodeId, Check>>();

/** The check of a schema, compiled when it is first asked for. Tells every broken keyword. */
export function checkOf(graph: SchemaGraph, id: NodeId): Check {
  const known = compiled.get(graph) ?? new Map<NodeId, Check>();
  compiled.set(graph, known);
  const found = known.get(id) ?? compileNode(graph, id, { allErrors: true });
  known.set(id, found);
  return found;
}
