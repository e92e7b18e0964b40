import type { Position } from '../../diagnostics/position.js';
import { findCycles } from '../../model/cycles.js';
import type { Model } from '../../model/types.js';
import type { Rule } from '../rule.js';

/** Builds the graph of `dependencies` and of required HTTP calls. Recovery calls (`criticality: best-effort`) may point back. */
export const dependencyCycle: Rule = {
  id: 'dependency-cycle',
  severity: 'error',
  title: 'Services do not depend on each other in a circle.',
  why: 'In a circle no service can be deployed or started first, and one slow member makes all of them slow. A circle of calls can exhaust every connection pool at once.',
  fix: 'Turn one edge round with an event, or move what both need into a third service or the shared package.',
  requirements: ['TD-90', 'TD-93', 'DH-67'],
  *check(model) {
    const edges = edgesOf(model);
    const graph = new Map<string, Set<string>>();
    for (const edge of edges) graph.set(edge.from, (graph.get(edge.from) ?? new Set()).add(edge.to));
    for (const cycle of findCycles(graph)) {
      const hops = cycle
        .slice(1)
        .flatMap((to, index) => edges.find((edge) => edge.from === cycle[index] && edge.to === to) ?? []);
      const [first, ...others] = hops;
      if (first === undefined) continue;
      yield {
        at: first.at,
        message: `services depend on each other in a circle: ${cycle.map((name) => `"${name}"`).join(' -> ')}.`,
        subject: `cycle:${[...new Set(cycle)].sort().join(',')}`,
        related: others.map((edge) => ({ at: edge.at, message: `"${edge.from}" ${edge.how} "${edge.to}"` })),
        fix: `let "${first.to}" publish an event that "${first.from}" listens to, or move what both need into a third service.`,
      };
    }
  },
};

interface Need {
  readonly from: string;
  readonly to: string;
  readonly how: 'depends on' | 'calls';
  readonly at: Position;
}

function edgesOf(model: Model): readonly Need[] {
  const needs: readonly Need[] = [
    ...model.dependencies.map((each) => ({
      from: each.consumer,
      to: each.provider,
      how: 'depends on' as const,
      at: each.at,
    })),
    ...model.http
      .filter((edge) => edge.criticality === 'required')
      .map((edge) => ({ from: edge.from, to: edge.to, how: 'calls' as const, at: edge.at })),
  ];
  return needs;
}
