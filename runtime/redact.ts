/** What stands where a personal value was. */
export const redacted = '[redacted]';

/**
 * A copy of `value` in which everything at `paths` is replaced by `[redacted]`; without paths the value itself. Paths are dotted, from the top of the payload; an array
 * on the way means each of its items, `*` each property of a map. Never throws, never changes `value`.
 */
export function redact(paths: readonly string[] | undefined, value: unknown): unknown {
  return (paths ?? []).reduce<unknown>((rest, path) => replaced(rest, path.split('.')), value);
}

/**
 * `text` without the values that `value` holds at `paths`: for messages of errors, which may quote what they fell over. Values of fewer than three characters stay:
 * they say nothing by themselves, and replacing them would tear other words apart.
 */
export function redactText(paths: readonly string[] | undefined, value: unknown, text: string): string {
  const secrets = (paths ?? []).flatMap((path) => textsIn(valuesAt(value, path.split('.'))));
  // Longest first: a value may lie in another one, such as a name in an address.
  return [...new Set(secrets)]
    .filter((secret) => secret.length >= 3)
    .sort((a, b) => b.length - a.length)
    .reduce((rest, secret) => rest.replaceAll(secret, redacted), text);
}

/** The same for anything thrown: an error is copied, its causes too, as deep as it has some; everything else becomes text. */
export function redactError(paths: readonly string[] | undefined, value: unknown, error: unknown): unknown {
  if (paths === undefined || paths.length === 0) return error;
  const clean = (text: string): string => redactText(paths, value, text);
  return cleanError(error, clean, causesMax);
}

/**
 * A JSON pointer into a payload without the names that the payload itself chose: below a personal place only the place is told, and the key of a map that `*`
 * stands for becomes `*`.
 */
export function redactPointer(paths: readonly string[] | undefined, pointer: string): string {
  return (paths ?? []).reduce((rest, path) => cutPointer(rest, path.split('.')), pointer);
}

/** A chain of causes may be a ring. */
const causesMax = 8;

function cleanError(error: unknown, clean: (text: string) => string, deep: number): unknown {
  if (!(error instanceof Error)) return typeof error === 'string' ? clean(error) : clean(textOf(error));
  const cause = error.cause === undefined || deep === 0 ? {} : { cause: cleanError(error.cause, clean, deep - 1) };
  const copy = new Error(clean(error.message), cause);
  copy.name = error.name;
  if (error.stack !== undefined) copy.stack = clean(error.stack);
  if ('code' in error) Object.assign(copy, { code: error.code });
  return copy;
}

function textOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
}

function replaced(value: unknown, path: readonly string[]): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return redacted;
  if (Array.isArray(value)) return value.map((item) => replaced(item, path));
  if (!isObject(value)) return value;
  const names = name === '*' ? Object.keys(value) : Object.hasOwn(value, name) ? [name] : [];
  if (names.length === 0) return value;
  // Entries, not a spread with computed keys: a payload may have a property called `__proto__`.
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, names.includes(key) ? replaced(item, rest) : item]),
  );
}

function valuesAt(value: unknown, path: readonly string[]): readonly unknown[] {
  const [name, ...rest] = path;
  if (name === undefined) return [value];
  if (Array.isArray(value)) return value.flatMap((item) => valuesAt(item, path));
  if (!isObject(value)) return [];
  if (name === '*') return Object.values(value).flatMap((item) => valuesAt(item, rest));
  return Object.hasOwn(value, name) ? valuesAt(value[name], rest) : [];
}

/** Every text in personal values, those of objects and arrays below them too. */
function textsIn(values: readonly unknown[]): readonly string[] {
  return values.flatMap((value): readonly string[] => {
    if (typeof value === 'string') return [value];
    if (typeof value === 'number' || typeof value === 'bigint') return [String(value)];
    return typeof value === 'object' && value !== null ? textsIn(Object.values(value)) : [];
  });
}

function cutPointer(pointer: string, path: readonly string[]): string {
  const [, ...steps] = pointer.split('/');
  const told: string[] = [];
  let at = 0;
  for (const step of steps) {
    const name = path[at];
    // Below the personal place.
    if (name === undefined) return `/${told.join('/')}/…`;
    const isItem = /^\d+$/.test(step) && name !== step;
    if (name !== '*' && name !== step.replaceAll('~1', '/').replaceAll('~0', '~') && !isItem) return pointer;
    told.push(name === '*' && !isItem ? '*' : step);
    if (!isItem) at += 1;
  }
  return told.length === 0 ? pointer : `/${told.join('/')}`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
