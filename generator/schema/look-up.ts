import { createResolver, type Documents, type Resolver, type SchemaRef } from './ref.js';

const resolvers = new WeakMap<Documents, Resolver>();

/** The one resolver of a set of documents: it remembers what it has scanned. */
export function resolverOf(documents: Documents): Resolver {
  const known = resolvers.get(documents);
  if (known) return known;
  const made = createResolver(documents);
  resolvers.set(documents, made);
  return made;
}

/** The schema at a place with pure references followed; undefined when nothing stands there or the references go round in a circle. */
export function lookUp(
  documents: Documents,
  ref: SchemaRef,
): { readonly ref: SchemaRef; readonly value: unknown } | undefined {
  const resolver = resolverOf(documents);
  let found = resolver.at(ref);
  for (let hops = 0; found.ok && hops < 50; hops++) {
    const { value } = found;
    const reference =
      typeof value === 'object' && value !== null ? (value as { readonly $ref?: unknown }).$ref : undefined;
    if (typeof reference !== 'string') return { ref: found.ref, value };
    found = resolver.resolve(found.ref, reference);
  }
  return undefined;
}
