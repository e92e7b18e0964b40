/**
 * Layers of a graph given as edges `[first, second]`: each node stands in a later layer than all that have to come before it, as early as that allows.
 * Names within a layer are sorted. `alone` are nodes that may have no edge. Undefined when there is a cycle.
 */
export function layersOf(
  edges: readonly (readonly [string, string])[],
  alone: readonly string[] = [],
): readonly (readonly string[])[] | undefined {
  const nodes = new Set([...edges.flat(), ...alone]);
  const before = new Map([...nodes].map((node) => [node, new Set<string>()]));
  for (const [first, second] of edges) before.get(second)?.add(first);
  const layers: string[][] = [];
  const placed = new Set<string>();
  while (placed.size < nodes.size) {
    const layer = [...nodes].filter(
      (node) => !placed.has(node) && [...(before.get(node) ?? [])].every((other) => placed.has(other)),
    );
    if (layer.length === 0) return undefined;
    for (const node of layer) placed.add(node);
    layers.push(layer.sort());
  }
  return layers;
}
