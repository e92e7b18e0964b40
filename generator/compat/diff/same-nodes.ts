import { canonicalJson, edgesOf } from '../../schema/edges.js';
import type { Dialect, NodeId, SchemaGraph, SchemaNode } from '../../schema/node.js';
import { normalise } from '../../schema/normalise.js';
import type { SchemaSide } from './schema-side.js';

type Side = SchemaSide & { readonly dialect: Dialect };

/** Members of a node that are words, places, or compared as edges. */
const silent = new Set(['id', 'name', 'origin', 'title', 'description', 'examples', 'deprecated', 'typesImplied']);

/** Compares two schemas in normal form: `nullable` and a type list with "null" are one, and so are the spellings of all drafts. */
export function sameNodes(before: Side, after: Side): boolean {
  const left = graphOf(before);
  const right = graphOf(after);
  if (left === undefined || right === undefined) return false;
  const met = new Set<string>();

  function same(a: NodeId, b: NodeId): boolean {
    const one = settle(left as Rooted, a);
    const two = settle(right as Rooted, b);
    const pair = `${one.id} ${two.id}`;
    if (met.has(pair)) return true;
    met.add(pair);
    if (canonicalJson(said(one)) !== canonicalJson(said(two))) return false;
    const edges = stepped(one);
    const others = stepped(two);
    if (edges.size !== others.size) return false;
    return [...edges].every(([step, to]) => {
      const other = others.get(step);
      return other !== undefined && same(to, other);
    });
  }

  return same(left.root, right.root);
}

interface Rooted {
  readonly graph: SchemaGraph;
  readonly root: NodeId;
}

/** Undefined when something could not be read as written: then nothing is claimed. */
function graphOf(side: Side): Rooted | undefined {
  const { documents, ref, dialect } = side;
  const graph = normalise(documents, [{ key: 'root', name: 'root', ref, dialect }]);
  const root = graph.roots.get('root');
  const unread = graph.problems.length > 0 || [...graph.nodes.values()].some((node) => node.unknown !== undefined);
  return root === undefined || unread ? undefined : { graph, root };
}

/** A schema that only refers to another, or holds one part, is that one. */
function settle({ graph }: Rooted, id: NodeId): SchemaNode {
  let node = graph.node(id);
  for (let hops = 0; hops < 50; hops++) {
    const edges = edgesOf(node);
    const [only] = edges;
    const wraps = only !== undefined && edges.length === 1 && (only.step === 'ref' || only.step === 'allOf/0');
    if (!wraps || Object.keys(said(node)).length > 0) return node;
    node = graph.node(only.to);
  }
  return node;
}

/** Everything a node says by itself, lists that are sets in one order. */
function said(node: SchemaNode): Readonly<Record<string, unknown>> {
  const edges = new Set(edgesOf(node).map(({ step }) => step.split('/')[0]));
  const entries = Object.entries(node).flatMap(([key, value]): readonly (readonly [string, unknown])[] => {
    if (silent.has(key) || edges.has(key) || value === undefined) return [];
    if (key === 'required') return value.length === 0 ? [] : [[key, [...new Set<string>(value)].sort()]];
    if (key === 'enum') return [[key, value.map(canonicalJson).sort()]];
    if (key === 'discriminator') return [[key, [value.propertyName, [...value.mapping.keys()].sort()]]];
    if (key === 'extensions') return [...value].filter(([word]) => word === 'x-extensible-enum');
    return [[key, value]];
  });
  return Object.fromEntries(entries.filter(([, value]) => !(value instanceof Map && value.size === 0)));
}

function stepped(node: SchemaNode): ReadonlyMap<string, NodeId> {
  const mapping = [...(node.discriminator?.mapping ?? [])].map(([value, to]) => [`mapping/${value}`, to] as const);
  return new Map([...edgesOf(node).map(({ step, to }) => [step, to] as const), ...mapping]);
}
