import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findCycles, reachable } from '../../generator/model/cycles.js';

type Graph = ReadonlyMap<string, ReadonlySet<string>>;

function graph(edges: readonly (readonly [string, string])[]): Graph {
  const out = new Map<string, Set<string>>();
  for (const [from, to] of edges) out.set(from, (out.get(from) ?? new Set()).add(to));
  return out;
}

const node = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
const graphs = fc.array(fc.tuple(node, node), { maxLength: 14 }).map(graph);

describe('findCycles', () => {
  it('finds the shortest way round', () => {
    expect(
      findCycles(
        graph([
          ['a', 'b'],
          ['b', 'c'],
          ['c', 'd'],
          ['d', 'a'],
          ['c', 'a'],
        ]),
      ),
    ).toEqual([['a', 'b', 'c', 'a']]);
    expect(
      findCycles(
        graph([
          ['a', 'a'],
          ['a', 'b'],
        ]),
      ),
    ).toEqual([['a', 'a']]);
    expect(
      findCycles(
        graph([
          ['a', 'b'],
          ['a', 'c'],
          ['b', 'd'],
          ['c', 'd'],
        ]),
      ),
    ).toEqual([]);
  });

  it('gives real cycles, one for each knot and for nothing else', () => {
    fc.assert(
      fc.property(graphs, (edges) => {
        const cycles = findCycles(edges);
        for (const cycle of cycles) {
          expect(cycle[0]).toBe(cycle.at(-1));
          expect(new Set(cycle).size).toBe(cycle.length - 1);
          for (const [index, to] of cycle.slice(1).entries()) expect(edges.get(cycle[index] ?? '')?.has(to)).toBe(true);
        }
        for (const start of edges.keys()) {
          const inKnot = reachable(edges, start).has(start);
          const covering = cycles.filter(
            ([first = '']) =>
              first === start || (reachable(edges, first).has(start) && reachable(edges, start).has(first)),
          );
          expect(covering.length, start).toBe(inKnot ? 1 : 0);
        }
      }),
    );
  });
});
