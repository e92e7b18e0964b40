/** Members that say where or how something was written, never what it means. */
const places = new Set(['at', 'given', 'jitterGiven', 'description', 'purpose']);

/** A value of the model without positions and words: what two revisions are compared by. Maps become objects. */
export function plain(value: unknown): unknown {
  if (value instanceof Map) return plain(Object.fromEntries(value));
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key, item]) => item !== undefined && !places.has(key));
  return Object.fromEntries(entries.map(([key, item]) => [key, plain(item)]));
}

/** The members of nested mappings by dotted path: `{queue: {durable: true}}` is `queue.durable: true`. Lists and plain values end a path. */
export function flattened(value: unknown, prefix: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { [prefix]: value };
  const entries = Object.entries(value).flatMap(([key, item]) => Object.entries(flattened(item, `${prefix}.${key}`)));
  return Object.fromEntries(entries);
}

/** Without repetition, in the order of the alphabet: for lists whose order means nothing. */
export function sorted(names: Iterable<string>): readonly string[] {
  return [...new Set(names)].sort();
}
