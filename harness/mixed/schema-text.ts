import type { SchemaGraph, SchemaNode } from '../../generator/schema/node.js';

/** Schemas without where they are written and what only people read: equal for graphs that allow the same in the same words. */
export function graphText({ nodes }: SchemaGraph): string {
  return JSON.stringify([...nodes.values()].map(constraints));
}

function constraints({ origin: _o, title: _t, description: _d, examples: _e, ...node }: SchemaNode): unknown {
  return Object.entries(node)
    .map(([keyword, value]) => [keyword, value instanceof Map ? [...value] : value])
    .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
}
