import type { JsonType, NodeId, SchemaNode } from '../../schema/node.js';
import { type Difference, take } from './difference.js';
import type { MergedGraph } from './merged-graph.js';
import type { Spot } from './spot.js';
import { typeText } from './type-text.js';

/** Whether a node offers alternatives. */
export function hasAlternatives(node: SchemaNode): boolean {
  return node.anyOf !== undefined || node.oneOf !== undefined;
}

/**
 * Compares `anyOf` and `oneOf` branch by branch. A schema that became one of several alternatives is one alternative: `wrapped` says that it was
 * compared as such and nothing remains.
 */
export function compareAlternatives(spot: Spot): 'wrapped' | 'beside' {
  const { before, after, graph } = spot;
  if (hasAlternatives(before) && hasAlternatives(after)) {
    branches(spot, branchesOf(before), branchesOf(after));
    if (
      (before.anyOf !== undefined) !== (after.anyOf !== undefined) &&
      branchesOf(before).length === branchesOf(after).length
    )
      spot.found({
        kind: 'schema',
        step: after.oneOf ? '/oneOf' : '/anyOf',
        keywords: ['oneOf', 'anyOf'],
        undo: take('anyOf', 'oneOf'),
      });
    return 'beside';
  }
  const union = hasAlternatives(before) ? before : after;
  const single = union === before ? after : before;
  const own = isWorthMatching(graph, single, branchesOf(union));
  if (own === undefined) {
    spot.found({
      kind: 'schema',
      step: (after.oneOf ?? before.oneOf) ? '/oneOf' : '/anyOf',
      keywords: ['oneOf', 'anyOf', 'type'],
      undo: take('anyOf', 'oneOf', 'types'),
    });
    return 'beside';
  }
  if (union === after) branches(spot, [before.id], branchesOf(after), new Map([[before.id, own]]));
  else branches(spot, branchesOf(before), [after.id], new Map([[own, after.id]]));
  return 'wrapped';
}

function branchesOf(node: SchemaNode): readonly NodeId[] {
  return node.oneOf ?? node.anyOf ?? [];
}

function branches(
  spot: Spot,
  was: readonly NodeId[],
  is: readonly NodeId[],
  given?: ReadonlyMap<NodeId, NodeId>,
): void {
  const { graph, before, after, below, found } = spot;
  const pairs = given ?? matched(graph, was, is);
  const keyword = (after.oneOf ?? (after.anyOf === undefined ? before.oneOf : undefined)) ? 'oneOf' : 'anyOf';
  const keywords = ['oneOf', 'anyOf', 'type', 'enum', 'const', 'required'];
  const taken = new Set(pairs.values());
  for (const [index, id] of was.entries()) {
    const other = pairs.get(id);

    if (other !== undefined) below(`/${keyword}/${index}`, [], id, other);
    else
      found({
        kind: 'alternative-removed',
        step: `/${keyword}/${index}`,
        keywords,
        what: labelOf(graph, id),
        undo: withBranch(id),
      });
  }
  for (const [index, id] of is.entries())
    if (!taken.has(id))
      found({
        kind: 'alternative-added',
        step: `/${keyword}/${index}`,
        keywords,
        what: labelOf(graph, id),
        undo: withBranch(id),
      });
}

/** The alternative is accepted beside whatever is accepted already. */
function withBranch(id: NodeId): Difference['undo'] {
  return () => ({ beside: id, kind: 'anyOf' });
}

/** Which old alternative became which new one: equal ones first, then those of one name, of one tag, of one type. */
function matched(graph: MergedGraph, was: readonly NodeId[], is: readonly NodeId[]): ReadonlyMap<NodeId, NodeId> {
  const pairs = new Map<NodeId, NodeId>();
  const taken = new Set<NodeId>();
  const tests: readonly ((a: NodeId, b: NodeId) => boolean)[] = [
    (a, b) => graph.classOf(a) === graph.classOf(b),
    (a, b) => nameOf(graph, a) !== undefined && nameOf(graph, a) === nameOf(graph, b),
    (a, b) => tagOf(graph, a) !== '' && tagOf(graph, a) === tagOf(graph, b),
    (a, b) => !isObject(graph, a) && typesOf(graph, a) === typesOf(graph, b),
    (a, b) =>
      isObject(graph, a) &&
      isObject(graph, b) &&
      tagOf(graph, a) === '' &&
      tagOf(graph, b) === '' &&
      shareProperties(graph, a, b),
  ];
  for (const test of tests)
    for (const id of was) {
      if (pairs.has(id)) continue;
      const other = is.find((each) => !taken.has(each) && test(id, each));
      if (other === undefined) continue;
      pairs.set(id, other);
      taken.add(other);
    }
  return pairs;
}

function isWorthMatching(graph: MergedGraph, single: SchemaNode, union: readonly NodeId[]): NodeId | undefined {
  return matched(graph, [single.id], union).get(single.id);
}

function nameOf(graph: MergedGraph, id: NodeId): string | undefined {
  return graph.node(id).name?.replace(/^(before|after)\//, '');
}

/** Values that tell an alternative apart: properties that can only have one. */
function tagsOf(graph: MergedGraph, id: NodeId): readonly (readonly [name: string, value: unknown])[] {
  return [...(graph.flat(id).properties ?? [])].flatMap(([name, property]) => {
    const values = graph.flat(property).enum;
    return values?.length === 1 ? [[name, values[0]] as const] : [];
  });
}

function tagOf(graph: MergedGraph, id: NodeId): string {
  return tagsOf(graph, id)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join();
}

function typesOf(graph: MergedGraph, id: NodeId): string {
  return (graph.flat(id).types ?? []).join();
}

function isObject(graph: MergedGraph, id: NodeId): boolean {
  const types: readonly JsonType[] = graph.flat(id).types ?? [];
  return types.includes('object');
}

function shareProperties(graph: MergedGraph, a: NodeId, b: NodeId): boolean {
  const [left, right] = [graph.flat(a).properties, graph.flat(b).properties];
  if (!left || !right) return left === right;
  const common = [...left.keys()].filter((name) => right.has(name)).length;
  return common * 2 >= Math.max(left.size, right.size);
}

/** As a sentence calls it: `"Person"`, `with kind "person"`, `of type string`. */
function labelOf(graph: MergedGraph, id: NodeId): string {
  const name = nameOf(graph, id);
  if (name !== undefined) return `"${name}"`;
  const [tag] = tagsOf(graph, id);
  return tag === undefined
    ? `of type ${typeText(graph.flat(id).types ?? [])}`
    : `with ${tag[0]} ${JSON.stringify(tag[1])}`;
}
