import type { Check } from '../../generator/schema/ajv.js';
import type { NodeId, SchemaGraph } from '../../generator/schema/node.js';

export type Fields = Readonly<Record<string, unknown>>;

/** Where in a body the thing itself lies: the whole body, or one property of it. */
export interface EntityPlace {
  readonly wrapper: string | undefined;
  /** Property with the id; undefined when the schema has none. */
  readonly idKey: string | undefined;
  readonly idSchema: NodeId | undefined;
  /** Properties that the schema of the thing declares. */
  readonly declared: ReadonlySet<string>;
}

/** Finds the thing and its id in a schema. `parameter`: name of the path parameter that holds the id. */
export function entityPlace(graph: SchemaGraph, id: NodeId, parameter: string): EntityPlace {
  const own = propertiesOf(graph, id);
  const place = (wrapper: string | undefined, properties: ReadonlyMap<string, NodeId>): EntityPlace | undefined => {
    const idKey = idKeyOf([...properties.keys()], parameter);
    return idKey === undefined
      ? undefined
      : { wrapper, idKey, idSchema: properties.get(idKey), declared: new Set(properties.keys()) };
  };
  const found = place(undefined, own);
  if (found !== undefined) return found;
  for (const [name, inner] of own) {
    const within = place(name, propertiesOf(graph, inner));
    if (within !== undefined) return within;
  }
  return { wrapper: undefined, idKey: undefined, idSchema: undefined, declared: new Set(own.keys()) };
}

/** Where in a body a list of things lies: the whole body, or one property of it. */
export function listPlace(
  graph: SchemaGraph,
  id: NodeId,
): { readonly key: string | undefined; readonly items: NodeId } | undefined {
  const whole = itemsOf(graph, id);
  if (whole !== undefined) return { key: undefined, items: whole };
  for (const [key, inner] of propertiesOf(graph, id)) {
    const items = itemsOf(graph, inner);
    // Lists of texts, such as links and warnings, are no collections.
    if (items !== undefined && propertiesOf(graph, items).size > 0) return { key, items };
  }
  return undefined;
}

/** Declared properties, those of combined schemas included. */
export function propertiesOf(graph: SchemaGraph, id: NodeId): ReadonlyMap<string, NodeId> {
  const found = new Map<string, NodeId>();
  for (const node of partsOf(graph, id)) for (const [key, inner] of node.properties ?? []) found.set(key, inner);
  return found;
}

function itemsOf(graph: SchemaGraph, id: NodeId): NodeId | undefined {
  return partsOf(graph, id).find((node) => node.items !== undefined)?.items;
}

function partsOf(graph: SchemaGraph, id: NodeId) {
  const ids = new Set([id]);
  for (const each of ids) {
    const { ref, allOf = [], anyOf = [], oneOf = [] } = graph.node(each);
    for (const part of [...(ref === undefined ? [] : [ref]), ...allOf, ...anyOf, ...oneOf]) ids.add(part);
  }
  return [...ids].map((each) => graph.node(each));
}

/** `orderId`, `order_id` or `id` for the parameter `orderId`: the property of that name, else `id`, else the end of the name, else `uuid`. */
function idKeyOf(keys: readonly string[], parameter: string): string | undefined {
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  const wanted = plain(parameter);
  return (
    keys.find((key) => plain(key) === wanted) ??
    keys.find((key) => plain(key) === 'id') ??
    keys.find((key) => plain(key).length > 2 && wanted.endsWith(plain(key))) ??
    keys.find((key) => plain(key) === 'uuid')
  );
}

/** The thing in a body. */
export function entityIn(body: unknown, { wrapper }: Pick<EntityPlace, 'wrapper'>): Fields | undefined {
  const found = wrapper === undefined ? body : isFields(body) ? body[wrapper] : undefined;
  return isFields(found) ? found : undefined;
}

/** What a request says about a thing, wherever it lies in it. */
export function fieldsIn(body: unknown, { wrapper }: Pick<EntityPlace, 'wrapper'>): Fields {
  if (!isFields(body)) return {};
  const keys = Object.keys(body);
  const [only = ''] = keys;
  const inner = wrapper !== undefined && isFields(body[wrapper]) ? body[wrapper] : undefined;
  if (isFields(inner)) return inner;
  return keys.length === 1 && isFields(body[only]) && wrapper !== undefined ? (body[only] as Fields) : body;
}

/**
 * A valid body with as many of the fields in it as its schema allows: all at once when they fit, else one by one. Undeclared fields are left out where
 * the schema declares any.
 */
export function withFields(body: unknown, place: EntityPlace, fields: Fields, check: Check): unknown {
  const entity = entityIn(body, place);
  if (entity === undefined) return body;
  const put = (more: Fields): unknown => {
    const changed = { ...(entityIn(current, place) ?? {}), ...more };
    return place.wrapper === undefined ? changed : { ...(current as Fields), [place.wrapper]: changed };
  };
  let current: unknown = body;
  const wanted = Object.entries(fields).filter(([key]) => place.declared.size === 0 || place.declared.has(key));
  const whole = put(Object.fromEntries(wanted));
  if (check(whole).length === 0) return whole;
  for (const [key, value] of wanted) {
    const next = put({ [key]: value });
    if (check(next).length === 0) current = next;
  }
  return current;
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof FormData);
}
