/** One noun in two revisions. Its name is the newer one. */
export interface Pair<T> {
  readonly name: string;
  readonly before?: T;
  readonly after?: T;
  /** Its older name, when it was recognised under a new one. */
  readonly from?: string;
}

/**
 * Pairs what has one name on both sides, in the order of names. Where exactly one noun went and exactly one of the same shape appeared, it has a new name.
 *
 * @param shape text that is equal when one is the other under another name; undefined for a noun that has nothing to be recognised by
 */
export function pairs<T>(
  before: ReadonlyMap<string, T>,
  after: ReadonlyMap<string, T>,
  shape?: (item: T, side: 'before' | 'after') => string | undefined,
): readonly Pair<T>[] {
  const gone = [...before].filter(([name]) => !after.has(name));
  const fresh = [...after].filter(([name]) => !before.has(name));
  const renamed = shape === undefined ? new Map<string, string>() : renames(gone, fresh, shape);
  const left = new Set(renamed.values());
  const all: Pair<T>[] = [...after].map(([name, item]) => {
    const from = renamed.get(name);
    const older = before.get(from ?? name);
    return {
      name,
      ...(older !== undefined && { before: older }),
      after: item,
      ...(from !== undefined && { from }),
    };
  });
  for (const [name, item] of gone) if (!left.has(name)) all.push({ name, before: item });
  return all.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** New name -> old name, where neither side leaves a choice. */
function renames<T>(
  gone: readonly (readonly [string, T])[],
  fresh: readonly (readonly [string, T])[],
  shape: (item: T, side: 'before' | 'after') => string | undefined,
): Map<string, string> {
  if (gone.length === 0 || fresh.length === 0) return new Map();
  const left = byShape(gone, (item) => shape(item, 'before'));
  const right = byShape(fresh, (item) => shape(item, 'after'));
  const found = new Map<string, string>();
  for (const [text, names] of left) {
    const others = right.get(text) ?? [];
    const [from] = names;
    const [to] = others;
    if (names.length === 1 && others.length === 1 && from !== undefined && to !== undefined) found.set(to, from);
  }
  return found;
}

function byShape<T>(
  items: readonly (readonly [string, T])[],
  shape: (item: T) => string | undefined,
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const [name, item] of items) {
    const text = shape(item);
    if (text === undefined) continue;
    const known = found.get(text);
    if (known) known.push(name);
    else found.set(text, [name]);
  }
  return found;
}
