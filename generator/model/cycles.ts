/**
 * One shortest cycle for each knot of a directed graph, as `[a, b, a]`: first and last are the same node.
 *
 * A knot (strongly connected component) may hold many cycles; one per knot is what a person can act on. Nodes and edges are read in the order given, so
 * the answer is stable. An edge from a node to itself is a cycle of one.
 */
export function findCycles(edges: ReadonlyMap<string, ReadonlySet<string>>): readonly (readonly string[])[] {
  const cycles: (readonly string[])[] = [];
  const settled = new Set<string>();
  for (const start of edges.keys()) {
    if (settled.has(start)) continue;
    const path = shortestPath(edges, start, start);
    if (path === undefined) continue;
    cycles.push(path);
    for (const node of reachable(edges, start)) if (reachable(edges, node).has(start)) settled.add(node);
  }
  return cycles;
}

/** Nodes that can be reached from `start` by one edge or more. */
export function reachable(edges: ReadonlyMap<string, ReadonlySet<string>>, start: string): ReadonlySet<string> {
  const seen = new Set<string>();
  const pending = [start];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    for (const next of edges.get(node) ?? []) {
      if (seen.has(next)) continue;
      seen.add(next);
      pending.push(next);
    }
  }
  return seen;
}

/** Nodes from `from` to `to`, both included, over at least one edge; undefined when there is no way. */
function shortestPath(
  edges: ReadonlyMap<string, ReadonlySet<string>>,
  from: string,
  to: string,
): readonly string[] | undefined {
  const cameFrom = new Map<string, string>();
  let frontier = [from];
  while (frontier.length > 0) {
    const next: string[] = [];
    for (const node of frontier) {
      for (const target of edges.get(node) ?? []) {
        if (target === to) return [...walkBack(cameFrom, from, node), to];
        if (cameFrom.has(target) || target === from) continue;
        cameFrom.set(target, node);
        next.push(target);
      }
    }
    frontier = next;
  }
  return undefined;
}

function walkBack(cameFrom: ReadonlyMap<string, string>, from: string, node: string): readonly string[] {
  const path: string[] = [];
  for (let at: string | undefined = node; at !== undefined; at = at === from ? undefined : cameFrom.get(at))
    path.push(at);
  return path.reverse();
}
