import type { NodeId, SchemaNode } from '../../schema/node.js';
import type { Difference } from './difference.js';
import type { MergedGraph } from './merged-graph.js';
import { selfContained } from './self-contained.js';

/** The schema of the side that reads, as JSON Schema 2020-12, as if these differences had not been made. */
export function undone(graph: MergedGraph, reader: 'before' | 'after', differences: readonly Difference[]): unknown {
  const writer = reader === 'before' ? 'after' : 'before';
  const bodies = new Map<NodeId, SchemaNode>();
  const holders = new Map<NodeId, NodeId>();
  const node = (id: NodeId): SchemaNode => bodies.get(id) ?? graph.flat(id);
  for (const difference of differences) {
    const id = holders.get(difference[reader]) ?? difference[reader];
    const { name, origin, ...body } = node(id);
    const identity = { id, origin, ...(name === undefined ? {} : { name }) };
    const result = difference.undo(body, graph.flat(difference[writer]));
    if ('body' in result) {
      bodies.set(id, { ...result.body, ...identity });
      continue;
    }
    const inner = `${id}~`;
    holders.set(difference[reader], inner);
    bodies.set(inner, { ...body, id: inner, origin });
    bodies.set(id, { ...identity, [result.kind]: [inner, result.beside] });
  }
  return selfContained({ node }, graph[reader]);
}
