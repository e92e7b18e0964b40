import { canonicalJson, edgesOf, renameEdges } from '../../schema/edges.js';
import type { NodeId, SchemaNode } from '../../schema/node.js';

/** Words that say nothing about which values are valid. A default is kept: whoever reads may fill it in. */
const SILENT = [
  'id',
  'name',
  'origin',
  'title',
  'description',
  'examples',
  'deprecated',
  'readOnly',
  'writeOnly',
  'typesImplied',
  'discriminator',
] as const;

/**
 * Gives every node below the roots a number; two nodes have the same one exactly when they say the same, wherever they stand and whatever they are
 * called. Refines until nothing splits any more, so schemas that contain themselves are compared without end.
 */
export function classesOf(roots: readonly NodeId[], node: (id: NodeId) => SchemaNode): ReadonlyMap<NodeId, number> {
  const nodes = new Map<NodeId, { readonly own: string; readonly edges: readonly NodeId[] }>();
  const ids = new Set(roots);
  for (const id of ids) {
    const body = node(id);
    // By their steps, because properties may stand in any order.
    const edges = [...edgesOf(body)].sort((a, b) => (a.step < b.step ? -1 : 1)).map(({ to }) => to);
    for (const to of edges) ids.add(to);
    nodes.set(id, { own: ownText(body), edges });
  }
  let classes = numbered(ids, (id) => nodes.get(id)?.own ?? '');
  for (let count = 0; count < new Set(classes.values()).size; ) {
    count = new Set(classes.values()).size;
    const known = classes;
    classes = numbered(
      ids,
      (id) => `${known.get(id)}:${(nodes.get(id)?.edges ?? []).map((to) => known.get(to)).join(',')}`,
    );
  }
  return classes;
}

function numbered(ids: Iterable<NodeId>, textOf: (id: NodeId) => string): ReadonlyMap<NodeId, number> {
  const numbers = new Map<string, number>();
  const classes = new Map<NodeId, number>();
  for (const id of ids) {
    const text = textOf(id);
    const number = numbers.get(text) ?? numbers.size;
    numbers.set(text, number);
    classes.set(id, number);
  }
  return classes;
}

/** A node without its subschemas. */
function ownText(node: SchemaNode): string {
  const { ...own } = renameEdges(node, () => '');
  for (const word of SILENT) delete (own as Record<string, unknown>)[word];
  const extensible = node.extensions?.get('x-extensible-enum');
  return canonicalJson({
    ...own,
    extensions: extensible,
    ...(node.required && { required: [...node.required].sort() }),
    ...(node.enum && { enum: node.enum.map(canonicalJson).sort() }),
  });
}
