import type { NodeId, SchemaGraph, SchemaNode } from '../../schema/node.js';

/**
 * The graph as a tolerant reader sees it: a provider may add properties to what it answers without breaking anybody. Objects that the contract closes are
 * open here, so alternatives may overlap (`oneOf` becomes `anyOf`), and what forbids (`not`, `if`) is left out, since an opened schema inside it would
 * forbid more instead of less.
 */
export function tolerant(graph: SchemaGraph): SchemaGraph {
  const isFalse = (id: NodeId | undefined): boolean => id !== undefined && graph.node(id).boolean === false;
  const nodes = new Map([...graph.nodes].map(([id, node]) => [id, open(node, isFalse)]));
  return {
    ...graph,
    nodes,
    node(id) {
      const node = nodes.get(id);
      if (node === undefined) throw new Error(`no schema node "${id}"`);
      return node;
    },
  };
}

function open(node: SchemaNode, isFalse: (id: NodeId | undefined) => boolean): SchemaNode {
  const {
    not: _not,
    if: _if,
    then: _then,
    else: _else,
    unevaluatedProperties: _closed,
    oneOf,
    additionalProperties,
    ...rest
  } = node;
  return {
    ...rest,
    ...(additionalProperties === undefined || isFalse(additionalProperties) ? {} : { additionalProperties }),
    ...(oneOf === undefined ? {} : asAnyOf(node, oneOf)),
  };
}

/** Beside an `anyOf` of its own, an overlapping `oneOf` is left out: both cannot stand in one place. */
function asAnyOf(node: SchemaNode, oneOf: readonly NodeId[]): Pick<SchemaNode, 'anyOf'> {
  return { anyOf: node.anyOf ?? oneOf };
}
