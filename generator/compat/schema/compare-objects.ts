import type { SchemaBody } from '../../schema/edges.js';
import type { NodeId, SchemaNode } from '../../schema/node.js';
import { escapeToken } from '../../schema/ref.js';
import { take } from './difference.js';
import { renamesIn } from './renames.js';
import type { Spot } from './spot.js';

/** Properties, which of them must be there, and what else may be. */
export function compareObjects(spot: Spot): void {
  const { before, after, below } = spot;
  const [was, is] = [before.properties ?? new Map<string, NodeId>(), after.properties ?? new Map<string, NodeId>()];
  const renames = renamesIn(spot);
  for (const [from, to] of renames) renamed(spot, from, to);
  const renamedTo = new Set(renames.values());
  for (const [name, id] of was) {
    const other = is.get(name);
    if (other !== undefined) below(`/properties/${escapeToken(name)}`, [name], id, other);
    else if (!renames.has(name)) removed(spot, name);
  }
  for (const name of is.keys()) if (!was.has(name) && !renamedTo.has(name)) added(spot, name);
  compareRequired(spot, new Set([...renames.keys(), ...renamedTo]));
  compareFurther(spot);
}

const KEYWORDS = [
  'required',
  'additionalProperties',
  'unevaluatedProperties',
  'false schema',
  'maxProperties',
  'minProperties',
];

function added(spot: Spot, name: string): void {
  const { after, found } = spot;
  const must = after.required?.includes(name) ?? false;
  found({
    kind: 'property-added',
    step: `/properties/${escapeToken(name)}`,
    into: [name],
    keywords: KEYWORDS,
    what: name,
    ...(must ? { is: 'required' } : {}),
    undo: propertyAsWritten([name]),
  });
}

function removed(spot: Spot, name: string): void {
  const must = spot.before.required?.includes(name) ?? false;
  spot.found({
    kind: 'property-removed',
    step: `/properties/${escapeToken(name)}`,
    into: [name],
    keywords: KEYWORDS,
    what: name,
    ...(must ? { was: 'required' } : {}),
    undo: propertyAsWritten([name]),
  });
}

function renamed(spot: Spot, from: string, to: string): void {
  spot.found({
    kind: 'property-renamed',
    step: `/properties/${escapeToken(from)}`,
    into: [from],
    keywords: KEYWORDS,
    what: from,
    was: from,
    is: to,
    undo: propertyAsWritten([from, to]),
  });
}

/** These properties as the writer has them: described by it, and required only when it requires them, too. */
function propertyAsWritten(
  names: readonly string[],
): (reader: SchemaBody, writer: SchemaBody) => { readonly body: SchemaBody } {
  return (reader, writer) => {
    const properties = new Map(reader.properties ?? []);
    for (const name of names) {
      const id = writer.properties?.get(name);
      if (id === undefined) properties.delete(name);
      else properties.set(name, id);
    }
    return { body: { ...reader, properties, required: requiredAsWritten(names, reader, writer) } };
  };
}

function requiredAsWritten(names: readonly string[], reader: SchemaBody, writer: SchemaBody): readonly string[] {
  const others = (reader.required ?? []).filter((name) => !names.includes(name));
  return [...others, ...names.filter((name) => writer.required?.includes(name))];
}

/** Properties that are there on both sides, or on neither, and became or ceased to be required. */
function compareRequired({ before, after, found }: Spot, renamed: ReadonlySet<string>): void {
  const [was, is] = [new Set(before.required ?? []), new Set(after.required ?? [])];
  for (const name of new Set([...was, ...is])) {
    if (was.has(name) === is.has(name) || renamed.has(name)) continue;
    if ((before.properties?.has(name) ?? false) !== (after.properties?.has(name) ?? false)) continue;
    found({
      kind: is.has(name) ? 'required-added' : 'required-removed',
      step: '/required',
      into: [name],
      keywords: ['required'],
      what: name,
      undo: (reader, writer) => ({ body: { ...reader, required: requiredAsWritten([name], reader, writer) } }),
    });
  }
}

/** What is said about properties that are not named. */
function compareFurther({ graph, before, after, below, found }: Spot): void {
  const [was, is] = [before.additionalProperties, after.additionalProperties];
  const isMap = (id: NodeId | undefined): id is NodeId => id !== undefined && graph.flat(id).boolean === undefined;
  if (isMap(was) && isMap(is)) below('/additionalProperties', ['*'], was, is);
  else if (classOf(graph, was) !== classOf(graph, is))
    found({
      kind: 'additional-properties',
      step: '/additionalProperties',
      keywords: ['additionalProperties', 'false schema'],
      ...furtherText(graph, was, is),
      undo: take('additionalProperties', 'properties', 'patternProperties'),
    });
  compareKeyed({ graph, before, after, below, found });
  for (const keyword of [
    'minProperties',
    'maxProperties',
    'propertyNames',
    'dependentRequired',
    'dependentSchemas',
    'unevaluatedProperties',
  ] as const) {
    if (said(graph, before, keyword) === said(graph, after, keyword)) continue;
    found({
      kind: 'additional-properties',
      step: `/${keyword}`,
      keywords: [keyword, 'false schema', 'propertyNames', 'required'],
      undo: take(keyword),
    });
  }
}

function compareKeyed({
  graph,
  before,
  after,
  below,
  found,
}: Pick<Spot, 'graph' | 'before' | 'after' | 'below' | 'found'>): void {
  const [was, is] = [
    before.patternProperties ?? new Map<string, NodeId>(),
    after.patternProperties ?? new Map<string, NodeId>(),
  ];
  const keys = (map: ReadonlyMap<string, NodeId>): string => [...map.keys()].sort().join('\n');
  if (keys(was) !== keys(is)) {
    const undo = take('patternProperties', 'additionalProperties');
    found({ kind: 'additional-properties', step: '/patternProperties', keywords: [], undo });
    return;
  }
  for (const [pattern, id] of was) {
    const other = is.get(pattern);
    if (other !== undefined && graph.classOf(id) !== graph.classOf(other))
      below(`/patternProperties/${escapeToken(pattern)}`, ['*'], id, other);
  }
}

function classOf(graph: Spot['graph'], id: NodeId | undefined): string | number {
  return id === undefined ? 'open' : graph.classOf(id);
}

function furtherText(
  graph: Spot['graph'],
  was: NodeId | undefined,
  is: NodeId | undefined,
): { readonly was: string; readonly is: string } {
  const text = (id: NodeId | undefined): string =>
    id === undefined
      ? 'any further property'
      : graph.flat(id).boolean === false
        ? 'no further property'
        : 'further properties of one form';
  return { was: text(was), is: text(is) };
}

function said(graph: Spot['graph'], node: SchemaNode, keyword: keyof SchemaBody): string {
  const value = node[keyword];
  if (value === undefined || typeof value === 'number') return String(value);
  if (typeof value === 'string') return `class ${graph.classOf(value)}`;
  if (!(value instanceof Map)) return JSON.stringify(value);
  return [...value]
    .map(([key, item]) => `${key}:${typeof item === 'string' ? graph.classOf(item) : [...item].sort()}`)
    .sort()
    .join(';');
}
