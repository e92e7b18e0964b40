import { take, whole } from './difference.js';
import type { Spot } from './spot.js';

const COUNTS = [
  ['minItems', (count: unknown) => `at least ${count} items`],
  ['maxItems', (count: unknown) => `at most ${count} items`],
  ['uniqueItems', () => 'each item once'],
] as const;

/** Counts and items of lists. */
export function compareArrays(spot: Spot): void {
  const { before, after, graph, below, found } = spot;
  for (const [keyword, text] of COUNTS) {
    if (before[keyword] === after[keyword]) continue;
    found({
      kind: 'items',
      step: `/${keyword}`,
      keywords: [keyword],
      ...(before[keyword] === undefined ? {} : { was: text(before[keyword]) }),
      ...(after[keyword] === undefined ? {} : { is: text(after[keyword]) }),
      undo: take(keyword),
    });
  }
  const [was, is] = [before.prefixItems ?? [], after.prefixItems ?? []];
  if (was.length !== is.length) {
    found({
      kind: 'items',
      step: '/prefixItems',
      keywords: ['prefixItems', 'items', 'false schema'],
      undo: take('prefixItems', 'items'),
    });
  }
  for (const [index, id] of was.entries()) {
    const other = is[index];
    if (other !== undefined) below(`/prefixItems/${index}`, [String(index)], id, other);
  }
  if (before.items !== undefined && after.items !== undefined) below('/items', ['*'], before.items, after.items);
  else if (before.items !== after.items)
    found({ kind: 'items', step: '/items', into: ['*'], keywords: [], undo: take('items') });
  const contains = (node: typeof before): string =>
    [node.contains === undefined ? '' : graph.classOf(node.contains), node.minContains, node.maxContains].join();
  if (contains(before) !== contains(after))
    found({
      kind: 'items',
      step: '/contains',
      keywords: ['contains'],
      undo: take('contains', 'minContains', 'maxContains'),
    });
  if (before.unevaluatedItems !== undefined || after.unevaluatedItems !== undefined) {
    const same = before.unevaluatedItems !== undefined && after.unevaluatedItems !== undefined;
    if (!same || graph.classOf(before.unevaluatedItems ?? '') !== graph.classOf(after.unevaluatedItems ?? ''))
      found({
        kind: 'items',
        step: '/unevaluatedItems',
        keywords: ['unevaluatedItems'],
        undo: whole(before.id, after.id),
      });
  }
}
