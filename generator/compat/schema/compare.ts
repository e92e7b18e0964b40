import { canonicalJson, type SchemaBody } from '../../schema/edges.js';
import type { NodeId, SchemaNode } from '../../schema/node.js';
import { compareAlternatives, hasAlternatives } from './compare-alternatives.js';
import { compareArrays } from './compare-arrays.js';
import { compareObjects } from './compare-objects.js';
import { compareTypes } from './compare-types.js';
import { compareValues } from './compare-values.js';
import { type Difference, take, whole } from './difference.js';
import type { MergedGraph } from './merged-graph.js';
import type { Spot } from './spot.js';

/**
 * Every place where two schemas differ, in the order of the schema, each with how to undo it. It says what is different, not whether that matters:
 * many differences are none to any value. Pairs of parts that recur are walked once.
 */
export function differencesOf(graph: MergedGraph): readonly Difference[] {
  const found: Difference[] = [];
  const met = new Set<string>();
  const pending: {
    readonly pointer: string;
    readonly instance: readonly string[];
    readonly pair: readonly [NodeId, NodeId];
  }[] = [{ pointer: '', instance: [], pair: [graph.before, graph.after] }];
  for (const { pointer, instance, pair } of pending) {
    const key = pair.join('\n');
    if (met.has(key) || graph.classOf(pair[0]) === graph.classOf(pair[1])) continue;
    met.add(key);
    const [before, after] = [graph.flat(pair[0]), graph.flat(pair[1])];
    compare({
      graph,
      pointer,
      instance,
      before,
      after,
      below: (step, into, from, to) =>
        pending.push({ pointer: pointer + step, instance: [...instance, ...into], pair: [from, to] }),
      found: ({ step = '', into = [], ...difference }) =>
        found.push({
          ...difference,
          pointer: pointer + step,
          instance: [...instance, ...into],
          before: pair[0],
          after: pair[1],
        }),
    });
  }
  return found;
}

function compare(spot: Spot): void {
  const { before, after } = spot;
  if (before.boolean !== undefined || after.boolean !== undefined) {
    spot.found({ kind: 'schema', keywords: ['false schema', 'not'], undo: whole(before.id, after.id) });
    return;
  }
  if (hasAlternatives(before) || hasAlternatives(after)) {
    if (compareAlternatives(spot) === 'wrapped') return;
  }
  if (compareTypes(spot) === 'disjoint') return;
  compareValues(spot);
  compareArrays(spot);
  compareObjects(spot);
  compareConditions(spot);
  if (canonicalJson(before.default ?? null) !== canonicalJson(after.default ?? null))
    spot.found({
      kind: 'default',
      step: '/default',
      keywords: [],
      ...valueText(before.default?.value, after.default?.value),
      undo: take('default'),
    });
}

const CONDITIONS: readonly (keyof SchemaBody)[] = ['not', 'if', 'then', 'else', 'allOf'];

/** Conditions are compared as wholes: nobody reads a difference in a negation better than the negation. */
function compareConditions({ graph, before, after, found }: Spot): void {
  for (const keywords of [['not'], ['if', 'then', 'else'], ['allOf']] as const) {
    const part = (node: SchemaNode): string => partText(graph, node, keywords);
    if (part(before) === part(after)) continue;
    found({
      kind: 'schema',
      step: `/${keywords[0]}`,
      what: keywords[0],
      keywords: ['not', 'if', 'allOf', 'false schema'],
      undo: take(...CONDITIONS),
    });
  }
}

/** What some keywords say, subschemas included, as text that is equal when they say the same. */
function partText(graph: MergedGraph, node: SchemaNode, keywords: readonly (keyof SchemaBody)[]): string {
  return keywords
    .map((keyword) => {
      const value = node[keyword];
      const ids = Array.isArray(value) ? value : value === undefined ? [] : [value];
      return ids
        .map((id) => graph.classOf(id as NodeId))
        .sort()
        .join(',');
    })
    .join(';');
}

function valueText(was: unknown, is: unknown): { readonly was?: string; readonly is?: string } {
  return {
    ...(was === undefined ? {} : { was: JSON.stringify(was) }),
    ...(is === undefined ? {} : { is: JSON.stringify(is) }),
  };
}
