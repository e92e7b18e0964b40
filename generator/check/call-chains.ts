import type { HttpEdge, Model } from '../model/types.js';

/** Services one behind the other, each waiting for the next; one edge less than services. */
export interface CallChain {
  readonly services: readonly string[];
  readonly edges: readonly HttpEdge[];
}

const longest = 12;
const most = 2_000;

/**
 * Longest chains of HTTP calls that a service waits for (`criticality: required`), from every service that nobody calls.
 *
 * Between two services the edge with the most tries stands for all. A chain never visits a service twice; chains longer than 12 services and more than
 * 2000 chains are not followed, which only cuts what is already far beyond any sane depth.
 */
export function callChains(model: Model): readonly CallChain[] {
  const out = new Map<string, Map<string, HttpEdge>>();
  for (const edge of model.http) {
    if (edge.criticality !== 'required' || edge.from === edge.to) continue;
    const targets = out.get(edge.from) ?? new Map<string, HttpEdge>();
    const known = targets.get(edge.to);
    if (known === undefined || tries(edge) > tries(known)) targets.set(edge.to, edge);
    out.set(edge.from, targets);
  }
  const called = new Set([...out.values()].flatMap((targets) => [...targets.keys()]));
  const roots = [...out.keys()].filter((service) => !called.has(service));
  const chains: CallChain[] = [];
  const extend = (services: readonly string[], edges: readonly HttpEdge[]) => {
    const next = [...(out.get(services.at(-1) ?? '') ?? [])].filter(([to]) => !services.includes(to));
    if (chains.length >= most) return;
    if (next.length === 0 || services.length >= longest) chains.push({ services, edges });
    else for (const [to, edge] of next) extend([...services, to], [...edges, edge]);
  };
  // In a knot that nobody enters from outside, every service is a start.
  for (const root of roots.length > 0 ? roots : out.keys()) extend([root], []);
  return chains.filter((chain) => chain.edges.length > 0);
}

/** Total tries of an edge, at least one. */
export function tries(edge: HttpEdge): number {
  return edge.policy?.retry?.attemptsMax ?? 1;
}
