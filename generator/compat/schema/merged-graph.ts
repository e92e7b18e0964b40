import { renameEdges, type SchemaBody } from '../../schema/edges.js';
import type { NodeId, SchemaGraph, SchemaNode } from '../../schema/node.js';
import { classesOf } from './classes.js';
import { flattened } from './flattened.js';
import type { Side } from './side.js';

/** Both revisions of a schema in one graph, so that a part of one may be put into the other. Ids and names carry `before/` or `after/`. */
export interface MergedGraph {
  readonly before: NodeId;
  readonly after: NodeId;
  /** A node with what it is composed of (`allOf`, references) drawn together where that changes nothing. */
  flat(id: NodeId): SchemaNode;
  node(id: NodeId): SchemaNode;
  /** Equal for parts that say the same, in either revision and under any name. */
  classOf(id: NodeId): number;
}

/** Joins two sides. Cheap: a node is flattened when it is asked for. */
export function mergeGraphs(before: Side, after: Side): MergedGraph {
  const nodes = new Map<NodeId, SchemaNode>();
  const add = (graph: SchemaGraph, prefix: string): void => {
    for (const [id, node] of graph.nodes) {
      const renamed = renameEdges(node, (target) => `${prefix}/${target}`);
      const name = node.name === undefined ? {} : { name: `${prefix}/${node.name}` };
      nodes.set(`${prefix}/${id}`, { ...renamed, id: `${prefix}/${id}`, ...name });
    }
  };
  add(before.graph, 'before');
  add(after.graph, 'after');
  const node = (id: NodeId): SchemaNode => {
    const found = nodes.get(id);
    if (!found) throw new Error(`no schema node "${id}"`);
    return found;
  };
  const flat = new Map<NodeId, SchemaNode>();
  const synthetic = (id: NodeId, body: SchemaBody, origin: SchemaNode['origin']): NodeId => {
    if (!nodes.has(id)) nodes.set(id, { ...body, id, origin });
    return id;
  };
  const flatNode = (id: NodeId): SchemaNode => {
    const made = flat.get(id) ?? flattened(node(id), node, synthetic);
    flat.set(id, made);
    return made;
  };
  const roots = { before: `before/${before.root}`, after: `after/${after.root}` };
  const classes = classesOf([roots.before, roots.after], flatNode);
  return { ...roots, node, flat: flatNode, classOf: (id) => classes.get(id) ?? -1 };
}
