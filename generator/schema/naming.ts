import { basename, dirname } from 'node:path';
import { canonicalJson, closure, edgesOf, renameEdges, type SchemaBody } from './edges.js';
import type { NodeId } from './node.js';
import { escapeToken, type SchemaRef, tokensOf } from './ref.js';

/** A schema met on the walk; its edges hold place keys. */
export interface Seen {
  readonly origin: SchemaRef;
  body: SchemaBody;
  /** True for roots and for what a reference leads to: it gets a name of its own. */
  readonly target: boolean;
  /** Place of the schema that holds it inline. */
  readonly parent?: string;
}

export interface Naming {
  /** Every place that is still needed, in order of first sight, with its final identity. */
  readonly places: ReadonlyMap<string, { readonly id: NodeId; readonly name?: string }>;
  readonly roots: ReadonlyMap<string, NodeId>;
  /** The place that stands for this one: itself, or its equal twin of the same name. */
  shared(place: string): string;
}

/** Gives every schema its id: names to roots and referenced schemas, paths to inline ones. Equal schemas of one name share it. */
export function assignNames(
  seen: ReadonlyMap<string, Seen>,
  roots: readonly { readonly key: string; readonly name: string; readonly place: string }[],
): Naming {
  const twin = new Map<string, string>();
  const taken = new Set<string>();
  const holders = new Map<string, string[]>();
  const nameOf = new Map<string, string>();
  const rootNames = new Map<string, string>();
  for (const { place, name } of roots) if (!rootNames.has(place)) rootNames.set(place, ownName(seen, place) ?? name);
  const wanted = (place: string): string => rootNames.get(place) ?? ownName(seen, place) ?? pathName(seen, place);

  function claim(place: string): void {
    if (nameOf.has(place) || twin.has(place)) return;
    const name = wanted(place);
    const rivals = holders.get(name) ?? [];
    const equal = rivals.find((rival) => sameSchema(seen, wanted, rival, place));
    if (equal !== undefined) {
      twin.set(place, equal);
      return;
    }
    const free = firstFree(name, seen.get(place)?.origin, taken);
    taken.add(free);
    holders.set(name, [...rivals, place]);
    nameOf.set(place, free);
  }
  // Messages take their names first; a component that is called like another message has to give way.
  for (const { place } of roots) claim(place);
  for (const { name } of roots) taken.add(name);
  for (const [place, { target }] of seen) if (target) claim(place);

  const shared = (place: string): string => twin.get(place) ?? place;
  const ids = new Map<string, NodeId>();
  const idOf = (place: string): NodeId => {
    const known = ids.get(place);
    if (known !== undefined) return known;
    const name = nameOf.get(place);
    const parent = seen.get(place)?.parent;
    const id =
      name !== undefined ? escapeToken(name) : parent !== undefined ? idOf(parent) + place.slice(parent.length) : place;
    ids.set(place, id);
    return id;
  };
  const needed = new Set<string>();
  const body = (place: string): SchemaBody => renameEdges(seen.get(place)?.body ?? {}, shared);
  for (const { place } of roots)
    for (const each of closure(body, shared(place), (inner) => needed.has(inner))) needed.add(each);
  const places = new Map<string, { id: NodeId; name?: string }>();
  for (const place of seen.keys()) {
    const name = nameOf.get(place);
    if (needed.has(place)) places.set(place, { id: idOf(place), ...(name === undefined ? {} : { name }) });
  }
  return { places, roots: new Map(roots.map(({ key, place }) => [key, idOf(shared(place))])), shared };
}

/** Two schemas are the same when all keywords are, subschemas included; pairs under comparison are taken as equal, which settles recursion. */
function sameSchema(
  seen: ReadonlyMap<string, Seen>,
  nameOf: (place: string) => string,
  left: string,
  right: string,
): boolean {
  const assumed = new Set<string>();
  const pending: [string, string][] = [[left, right]];
  for (let pair = pending.pop(); pair; pair = pending.pop()) {
    const [a, b] = pair;
    const key = `${a}\n${b}`;
    if (a === b || assumed.has(key)) continue;
    assumed.add(key);
    const [first, second] = [seen.get(a), seen.get(b)];
    if (!first || !second || first.target !== second.target) return false;
    if (first.target && nameOf(a) !== nameOf(b)) return false;
    if (own(first.body) !== own(second.body)) return false;
    const [others, mine] = [edgesOf(second.body), edgesOf(first.body)];
    for (const [index, edge] of mine.entries()) pending.push([edge.to, others[index]?.to ?? '']);
  }
  return true;
}

function own(body: SchemaBody): string {
  return canonicalJson(renameEdges(body, () => ''));
}

const CONTAINERS = new Set(['schemas', 'definitions', '$defs', 'messages']);

/** The key under which a document lists the schema, such as `Money` of `/components/schemas/Money`. */
function ownName(seen: ReadonlyMap<string, Seen>, place: string): string | undefined {
  const tokens = tokensOf(seen.get(place)?.origin.pointer ?? '');
  const container = tokens.at(-2);
  const isKey = container !== undefined && CONTAINERS.has(container) && tokens.at(-3) !== 'properties';
  return isKey && container !== 'messages' ? tokens.at(-1) : undefined;
}

const STRUCTURE = new Set([
  'components',
  'schemas',
  'definitions',
  '$defs',
  'messages',
  'channels',
  'properties',
  'schema',
  'items',
  'payload',
]);

function pathName(seen: ReadonlyMap<string, Seen>, place: string): string {
  const origin = seen.get(place)?.origin ?? { file: '', pointer: '' };
  const tokens = tokensOf(origin.pointer);
  const words = tokens.filter((token, index) => !STRUCTURE.has(token) || tokens[index - 1] === 'properties');
  return words.length === 0 ? stem(origin.file) : words.map(capital).join('');
}

/** The wanted name, else one that the file qualifies, else a number. */
function firstFree(name: string, origin: SchemaRef | undefined, taken: ReadonlySet<string>): string {
  const qualified = origin ? capital(stem(origin.file)) + capital(name) : name;
  for (const each of [name, `${name}Schema`, qualified]) if (!taken.has(each)) return each;
  let number = 2;
  while (taken.has(`${name}${number}`)) number++;
  return `${name}${number}`;
}

const GENERIC = new Set([
  'asyncapi',
  'openapi',
  'schema',
  'schemas',
  'index',
  'types',
  'common',
  'components',
  'definitions',
]);

/** Name of a file without its extensions; of its folder when the file is called what every such file is called. */
function stem(file: string): string {
  const name = basename(file).replace(/(\.schema)?\.[^.]+$/, '');
  const folder = basename(dirname(file));
  return GENERIC.has(name.toLowerCase()) && folder !== '' ? folder : name;
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
