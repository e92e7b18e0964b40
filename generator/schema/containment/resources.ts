import { declaredDialect } from '../dialect.js';
import type { Dialect } from '../node.js';
import { type Documents, escapeToken, tokensOf } from '../ref.js';
import { isMapping, memberOf } from './json.js';

/** A part of a document with a URI of its own. */
export interface Resource {
  readonly uri: string;
  readonly document: string;
  readonly pointer: string;
  readonly dialect: Dialect;
  readonly anchors: Map<string, Place>;
  readonly dynamicAnchors: Map<string, Place>;
}

/** A schema where it stands. `key` names the place. */
export interface Place {
  readonly key: string;
  readonly document: string;
  readonly pointer: string;
  readonly value: unknown;
  readonly resource: Resource;
}

/** Values that are data: an `$id` inside them means nothing. */
const DATA = new Set(['enum', 'const', 'default', 'example', 'examples']);
const NAMED = new Set(['properties', 'patternProperties', 'dependentSchemas', 'dependencies', '$defs', 'definitions']);
const HOLDS_SCHEMAS = new Set([
  ...NAMED,
  ...['additionalProperties', 'propertyNames', 'unevaluatedProperties', 'items', 'prefixItems', 'additionalItems'],
  ...['contains', 'unevaluatedItems', 'allOf', 'anyOf', 'oneOf', 'not', 'if', 'then', 'else', 'contentSchema'],
]);

/** Follows references by URI as JSON Schema defines it: `$id`, anchors, pointers within a resource. `bundled` answers for documents that every tool knows. */
export class Resources {
  private readonly byUri = new Map<string, Resource>();
  private readonly byPlace = new Map<string, Resource>();
  private readonly documents = new Map<string, unknown>();
  private readonly resolved = new Map<string, Place | undefined>();
  private readonly bundled: (uri: string) => unknown;

  constructor(bundled: (uri: string) => unknown) {
    this.bundled = bundled;
  }

  /** Whether `$dynamicRef` and its kin can lead anywhere else than `$ref`. */
  get dynamic(): boolean {
    return [...this.byPlace.values()].some(({ dynamicAnchors }) => dynamicAnchors.size > 0);
  }

  /** Registers a document under a path and gives its root. `lenient`: schemas may stand anywhere in it, as in OpenAPI. */
  add(path: string, document: unknown, dialect: Dialect, lenient: boolean): Place {
    const place = path.startsWith('/') ? path : `/${path}`;
    const known = this.byPlace.get(`${place}#`);
    if (known) return this.placeOf(place, '', document, known);
    const uri = uriOf(place);
    this.documents.set(place, document);
    return this.index(place, document, uri, declaredDialect(document) ?? dialect, lenient);
  }

  /** The schema at a pointer of a document. */
  at(path: string, pointer: string): Place | undefined {
    const place = path.startsWith('/') ? path : `/${path}`;
    const root = this.byPlace.get(`${place}#`);
    return root && this.walk(place, '', this.documents.get(place), root, tokensOf(pointer), 0);
  }

  child(place: Place, ...keys: readonly (string | number)[]): Place {
    let at = place;
    for (const key of keys) at = this.step(at, String(key));
    return at;
  }

  /** Where reference text leads from a place; undefined when it leads nowhere. */
  resolve(from: Place, reference: string): Place | undefined {
    const key = `${from.resource.uri} ${reference}`;
    if (!this.resolved.has(key)) this.resolved.set(key, this.find(from, reference, 0));
    return this.resolved.get(key);
  }

  private find(from: Place, reference: string, hops: number): Place | undefined {
    const uri = absolute(reference, from.resource.uri);
    const hash = uri.indexOf('#');
    const address = hash < 0 ? uri : uri.slice(0, hash);
    const fragment = decode(hash < 0 ? '' : uri.slice(hash + 1));
    const resource = this.resource(address);
    if (!resource || hops > 50) return undefined;
    const { document, pointer } = resource;
    const root = this.documents.get(document);
    if (fragment !== '' && !fragment.startsWith('/'))
      return resource.dynamicAnchors.get(fragment) ?? resource.anchors.get(fragment);
    const start = this.walk(document, '', root, this.byPlace.get(`${document}#`) ?? resource, tokensOf(pointer), hops);
    return start && this.walk(document, start.pointer, start.value, resource, tokensOf(fragment), hops);
  }

  private resource(address: string): Resource | undefined {
    const known = this.byUri.get(address);
    if (known) return known;
    const schema = this.bundled(address);
    if (schema === undefined) return undefined;
    this.documents.set(`/${address}`, schema);
    this.index(`/${address}`, schema, address, declaredDialect(schema) ?? 'draft-07', false);
    return this.byUri.get(address);
  }

  private walk(
    document: string,
    start: string,
    from: unknown,
    resource: Resource,
    tokens: readonly string[],
    hops: number,
  ): Place | undefined {
    let at = this.placeOf(document, start, from, resource);
    for (const [index, token] of tokens.entries()) {
      const { value } = at;
      if (typeof value !== 'object' || value === null) return undefined;
      if (Object.hasOwn(value, token)) {
        at = this.step(at, token);
        continue;
      }
      const through = memberOf(value, '$ref');
      const target = typeof through === 'string' ? this.find(at, through, hops + 1) : undefined;
      return (
        target &&
        this.walk(target.document, target.pointer, target.value, target.resource, tokens.slice(index), hops + 1)
      );
    }
    return at;
  }

  private step(at: Place, token: string): Place {
    const value = typeof at.value === 'object' && at.value !== null ? memberOf(at.value, token) : undefined;
    return this.placeOf(at.document, `${at.pointer}/${escapeToken(token)}`, value, at.resource);
  }

  private placeOf(document: string, pointer: string, value: unknown, outer: Resource): Place {
    const key = `${document}#${pointer}`;
    return { key, document, pointer, value, resource: this.byPlace.get(key) ?? outer };
  }

  private index(document: string, root: unknown, uri: string, dialect: Dialect, lenient: boolean): Place {
    const first = this.register(uri, document, '', dialect);
    const pending = [{ value: root, pointer: '', resource: first, isSchema: true }];
    for (let next = pending.pop(); next; next = pending.pop()) {
      const { value, pointer, isSchema } = next;
      if (typeof value !== 'object' || value === null) continue;
      const resource =
        isSchema && isMapping(value) ? this.named(value, document, pointer, next.resource) : next.resource;
      for (const [key, inner] of Object.entries(value)) {
        if (typeof inner !== 'object' || inner === null) continue;
        if (isSchema && DATA.has(key)) continue;
        if (isSchema && !lenient && !HOLDS_SCHEMAS.has(key) && !Array.isArray(value)) continue;
        const holdsNames = isSchema && NAMED.has(key);
        pending.push({
          value: inner,
          pointer: `${pointer}/${escapeToken(key)}`,
          resource,
          isSchema: !holdsNames,
        });
      }
    }
    return this.placeOf(document, '', root, first);
  }

  /** Takes note of the `$id` and the anchors of one schema; gives the resource that it belongs to. */
  private named(
    schema: Readonly<Record<string, unknown>>,
    document: string,
    pointer: string,
    outer: Resource,
  ): Resource {
    const old = isOld(outer.dialect);
    // Beside `$ref`, older drafts read nothing.
    if (old && typeof memberOf(schema, '$ref') === 'string' && pointer !== '') return outer;
    const key = `${document}#${pointer}`;
    const id = memberOf(schema, outer.dialect === 'draft-04' ? 'id' : '$id');
    let resource = outer;
    if (typeof id === 'string' && id !== '' && !id.startsWith('#')) {
      const uri = absolute(id, outer.uri).replace(/#.*$/, '');
      const dialect = declaredDialect({ $schema: memberOf(schema, '$schema') }) ?? outer.dialect;
      resource = this.register(uri, document, pointer, dialect);
    }
    const place: Place = { key, document, pointer, value: schema, resource };
    if (typeof id === 'string' && id.includes('#')) resource.anchors.set(id.slice(id.indexOf('#') + 1), place);
    const anchor = memberOf(schema, '$anchor');
    if (typeof anchor === 'string') resource.anchors.set(anchor, place);
    const dynamic = memberOf(schema, '$dynamicAnchor');
    if (typeof dynamic === 'string') resource.dynamicAnchors.set(dynamic, place);
    if (memberOf(schema, '$recursiveAnchor') === true) resource.dynamicAnchors.set(RECURSIVE, place);
    return resource;
  }

  private register(uri: string, document: string, pointer: string, dialect: Dialect): Resource {
    const known = this.byUri.get(uri);
    if (known?.document === document && known.pointer === pointer) return known;
    const resource: Resource = { uri, document, pointer, dialect, anchors: new Map(), dynamicAnchors: new Map() };
    if (!known) this.byUri.set(uri, resource);
    this.byPlace.set(`${document}#${pointer}`, resource);
    return resource;
  }
}

/** The name that `$recursiveAnchor` has among the dynamic anchors; no anchor may be called so. */
export const RECURSIVE = '#recursive';

/** Drafts in which `$ref` stands alone. */
export function isOld(dialect: Dialect): boolean {
  return dialect === 'draft-04' || dialect === 'draft-06' || dialect === 'draft-07';
}

/** Registers the other files of a workspace. */
export function addDocuments(resources: Resources, documents: Documents, dialect: Dialect): void {
  for (const [path, document] of documents) resources.add(path, document, dialect, true);
}

function uriOf(place: string): string {
  return absolute(place.split('/').map(encodeURIComponent).join('/'), 'schema://root/');
}

function absolute(reference: string, base: string): string {
  try {
    return new URL(reference, base).href;
  } catch {
    return reference;
  }
}

/** A `%` that is no escape stays as it is. */
function decode(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
