import { renameEdges } from './edges.js';
import { assignNames } from './naming.js';
import type { Dialect, NodeId, SchemaGraph, SchemaNode } from './node.js';
import type { Documents, SchemaRef } from './ref.js';
import { createWalk, type Walk } from './walk.js';

/** A schema that the graph must hold. */
export interface SchemaRoot {
  /** Key of `graph.roots`. */
  readonly key: string;
  /** Preferred name when the schema has none of its own. Equal schemas of equal name are shared. */
  readonly name: string;
  readonly ref: SchemaRef;
  readonly dialect: Dialect;
}

export interface NormaliseOptions {
  /**
   * `exact` (default): a schema means what its specification says: `{properties: ...}` also accepts the number 5.
   * `contract`: where a value is described by `properties` (or `items`) and no `type` is given, the type is taken to be object (or array), as the
   * author means it; otherwise its TypeScript type would have to be `unknown`. Each such place is a `type-implied` problem.
   */
  readonly reading?: 'exact' | 'contract';
}

/**
 * Reads schemas of every dialect into one graph in canonical form (see `SchemaNode`).
 *
 * References are followed across `documents` and never copied, so recursion is kept. Names: a root or a referenced schema takes the name it has in its
 * document; two equal schemas of one name become one node; different schemas of one name get distinct names that depend only on the contracts.
 * Never throws on what a user wrote: see `problems`; a schema that cannot be read accepts everything.
 */
export function normalise(
  documents: Documents,
  roots: readonly SchemaRoot[],
  options: NormaliseOptions = {},
): SchemaGraph {
  const walk = createWalk(documents, options.reading === 'contract');
  const starts = roots.map((root) => ({ root, place: walk.enter(root.ref, root.dialect) }));
  walk.finish();
  const names = assignNames(
    walk.seen,
    starts.map(({ root, place }) => ({ key: root.key, name: root.name, place })),
  );
  return buildGraph(walk, names);
}

function buildGraph(walk: Walk, names: ReturnType<typeof assignNames>): SchemaGraph {
  const nodes = new Map<NodeId, SchemaNode>();
  for (const [place, { id, name }] of names.places) {
    const seen = walk.seen.get(place);
    if (!seen || nodes.has(id)) continue;
    const body = renameEdges(seen.body, (target) => names.places.get(names.shared(target))?.id);
    nodes.set(id, { id, ...(name === undefined ? {} : { name }), origin: seen.origin, ...body });
  }
  return {
    nodes,
    roots: names.roots,
    problems: walk.problems,
    find(place) {
      const target = walk.locate(place);
      const id = target === undefined ? undefined : names.places.get(names.shared(target))?.id;
      return id === undefined ? undefined : nodes.get(id);
    },
    node(id) {
      const node = nodes.get(id);
      if (!node) throw new Error(`no schema node "${id}"`);
      return node;
    },
  };
}
