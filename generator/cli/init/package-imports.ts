const KEY = '#generated/*';
const VALUE = './generated/*';

/**
 * The text of a package.json with `imports: {"#generated/*": "./generated/*"}`, formatted as it was; undefined when it has the entry, or cannot be read.
 * Hand-written code then reaches generated code by one name from any depth.
 */
export function withGeneratedImports(text: string): string | undefined {
  const before = parsed(text);
  if (before === undefined) return undefined;
  const { imports } = before;
  if (imports === undefined) return keepsTheRest(text, insertedAtEnd(text, entryOfImports(text)));
  if (!isMapping(imports) || KEY in imports) return undefined;
  const opening = /"imports"\s*:\s*\{/.exec(text);
  if (opening === null) return undefined;
  const at = opening.index + opening[0].length;
  const empty = Object.keys(imports).length === 0;
  const [unit] = indentation(text);
  const entry = `${lineEnd(text)}${unit}${unit}"${KEY}": "${VALUE}"${empty ? `${lineEnd(text)}${unit}` : ','}`;
  return keepsTheRest(text, text.slice(0, at) + entry + (empty ? text.slice(at).trimStart() : text.slice(at)));
}

function entryOfImports(text: string): string {
  const [unit, flat] = indentation(text);
  return flat
    ? `"imports":{"${KEY}":"${VALUE}"}`
    : `"imports": {${lineEnd(text)}${unit}${unit}"${KEY}": "${VALUE}"${lineEnd(text)}${unit}}`;
}

/** Before the last brace, after a comma when something stands before. */
function insertedAtEnd(text: string, entry: string): string {
  const close = text.lastIndexOf('}');
  const head = text.slice(0, close).trimEnd();
  const [unit, flat] = indentation(text);
  const comma = head.endsWith('{') ? '' : ',';
  return flat
    ? `${head}${comma}${entry}${text.slice(close)}`
    : `${head}${comma}${lineEnd(text)}${unit}${entry}${lineEnd(text)}${text.slice(close)}`;
}

/** Text surgery may meet a key of the same name at another depth: the result must be the old value and the entry, nothing else. */
function keepsTheRest(before: string, after: string): string | undefined {
  const old = parsed(before);
  const now = parsed(after);
  if (old === undefined || now === undefined || !isMapping(now.imports) || now.imports[KEY] !== VALUE) return undefined;
  const expected = { ...old, imports: { [KEY]: VALUE, ...(isMapping(old.imports) ? old.imports : {}) } };
  return JSON.stringify(sorted(expected)) === JSON.stringify(sorted(now)) ? after : undefined;
}

function sorted(value: Readonly<Record<string, unknown>>): unknown {
  const entries = Object.entries(value).map(([key, item]) => [
    key,
    key === 'imports' && isMapping(item) ? sorted(item) : item,
  ]);
  return Object.fromEntries(entries.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)));
}

/** What one level is indented by, and whether everything stands on one line. */
function indentation(text: string): readonly [unit: string, flat: boolean] {
  const unit = /\{\r?\n([ \t]+)"/.exec(text)?.[1];
  return unit === undefined ? ['  ', !text.trim().includes('\n') && text.trim() !== '{}'] : [unit, false];
}

function lineEnd(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isMapping(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
