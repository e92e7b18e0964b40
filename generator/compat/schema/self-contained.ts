import { knowsFormat } from '../../schema/ajv.js';
import { closure, edgesOf } from '../../schema/edges.js';
import { toJsonSchema } from '../../schema/json-schema.js';
import type { NodeId, SchemaGraph, SchemaNode } from '../../schema/node.js';

/** One schema of a graph, with everything that is used twice below `$defs`: JSON Schema 2020-12 that needs no other document. */
export function selfContained(graph: Pick<SchemaGraph, 'node'>, root: NodeId): unknown {
  const node = (id: NodeId): SchemaNode => impossible(graph.node(id));
  const within = closure(node, root);
  const uses = new Map<NodeId, number>([[root, 1]]);
  // A reference beside other keywords cannot be written in place.
  for (const id of within)
    for (const { to, step } of edgesOf(node(id))) uses.set(to, (uses.get(to) ?? 0) + (step === 'ref' ? 2 : 1));
  // Every circle has a part that is reached from inside and from outside: written in place, it would have no end.
  const shared = within.filter((id) => (uses.get(id) ?? 0) > 1);
  const keys = new Map(shared.map((id, index) => [id, `s${index}`]));
  const refTo = (id: NodeId): string => `#/$defs/${keys.get(id) ?? ''}`;
  const named = (id: NodeId): SchemaNode => {
    const { name: _, ...body } = node(id);
    const key = keys.get(id);
    return key === undefined ? body : { ...body, name: key };
  };
  const render = (id: NodeId): unknown => toJsonSchema({ node: named } as SchemaGraph, id, { refTo, knowsFormat });
  const $schema = 'https://json-schema.org/draft/2020-12/schema';
  const $defs = Object.fromEntries(shared.map((id) => [keys.get(id) ?? '', render(id)]));
  if (keys.has(root)) return { $schema, $ref: refTo(root), $defs };
  const schema = render(root);
  return typeof schema === 'boolean' ? schema : { $schema, ...(schema as object), $defs };
}

/** A list of no values is said as `false`: validators refuse to read an empty one. */
function impossible(node: SchemaNode): SchemaNode {
  if (node.enum?.length !== 0) return node;
  return { id: node.id, origin: node.origin, boolean: false };
}
