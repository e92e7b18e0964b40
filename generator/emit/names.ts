/**
 * Names and text of contracts as they may appear in generated files: the one place where escaping happens. Contracts are untrusted, so nothing of theirs reaches a
 * file but through here.
 */

const reserved = new Set(
  (
    'abstract any arguments as asserts async await bigint boolean break case catch class const constructor continue debugger declare default delete do else enum eval ' +
    'export extends false finally for from function get if implements import in infer instanceof interface is keyof let module namespace never new null number object ' +
    'of package private protected public readonly require return satisfies set static string super switch symbol this throw true try type typeof undefined unique unknown ' +
    'using var void while with yield'
  ).split(' '),
);

/** Names of types that every program already has: a generated type of the same name would hide them. */
const globals = new Set(
  'Array Boolean Date Error Function Map Number Object Promise Record Partial Readonly Required Pick Omit Set String Symbol Uint8Array'.split(
    ' ',
  ),
);

/** Words of a name: `foo-bar`, `fooBar`, `FOO_BAR` and `foo bar` have the same two. */
function words(name: string): readonly string[] {
  return name
    .normalize('NFC')
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu}+)(\p{Lu}\p{Ll})/gu, '$1 $2')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

/** `text-snippet-people` -> `TextSnippetPeople`. Never empty, never a global type, always an identifier. */
export function typeName(name: string): string {
  const joined = words(name)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('');
  const safe = joined === '' ? 'Unnamed' : /^\p{N}/u.test(joined) ? `N${joined}` : joined;
  return globals.has(safe) ? `${safe}_` : safe;
}

/** `Employee owned` -> `employeeOwned`. Never a reserved word. */
export function variableName(name: string): string {
  const pascal = typeName(name).replace(/_$/, '');
  const leading = /^\p{Lu}+(?=\p{Lu}\p{Ll})|^\p{Lu}+$|^\p{Lu}/u.exec(pascal)?.[0] ?? '';
  const camel = leading.toLowerCase() + pascal.slice(leading.length);
  return reserved.has(camel) ? `${camel}_` : camel;
}

/** `SyncedEmployee` -> `synced_employee`, for tables and columns. ASCII only, at most 55 characters, as PostgreSQL's bound on names leaves to us. */
export function snakeName(name: string): string {
  const snake = words(name)
    .join('_')
    .toLowerCase()
    .replace(/[^a-z0-9_]/g, (character) => `u${character.codePointAt(0)?.toString(16)}`);
  const safe = snake === '' ? 'unnamed' : /^[0-9]/.test(snake) ? `n${snake}` : snake;
  return shortened(safe);
}

/** Reserved words of SQL that PostgreSQL does not take as a bare table name, or takes for something else: `select * from user` names the current user. */
const sqlReserved = new Set(
  (
    'all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation column concurrently constraint create cross ' +
    'current_catalog current_date current_role current_schema current_time current_timestamp current_user default deferrable desc distinct do else end except ' +
    'false fetch for foreign freeze from full grant group having ilike in initially inner intersect into is isnull join lateral leading left like limit ' +
    'localtime localtimestamp natural not notnull null offset on only or order outer overlaps placing primary references returning right select session_user ' +
    'similar some symmetric system_user table tablesample then to trailing true union unique user using variadic verbose when where window with'
  ).split(' '),
);

/** Name of a table that a person can write without quotes: `Order` -> `order_copy`, `SyncedEmployee` -> `synced_employee`. */
export function tableName(name: string): string {
  const snake = snakeName(name);
  return sqlReserved.has(snake) ? `${snake}_copy` : snake;
}

/** Cut names keep apart by a checksum of what was cut. */
function shortened(name: string): string {
  if (name.length <= 55) return name;
  const checksum = [...name].reduce((sum, character) => (sum * 31 + (character.codePointAt(0) ?? 0)) >>> 0, 7);
  return `${name.slice(0, 47)}_${checksum.toString(36)}`;
}

/** `InvoiceCreated` -> `invoice-created`, for file names. ASCII only, never a path. */
export function fileStem(name: string): string {
  return snakeName(name).replaceAll('_', '-');
}

/** A name usable as one path segment as it stands; letters, digits, `-`, `_` and single dots stay, everything else becomes `-`. */
export function pathSegment(name: string): string {
  const safe = name
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/\.{2,}/g, '.')
    .replace(/^[.-]+|[.-]+$/g, '');
  return safe === '' ? 'unnamed' : safe.slice(0, 120);
}

/** A TypeScript string literal in single quotes; line separators and `</` are escaped too, so that it is safe inside any file. */
export function stringLiteral(text: string): string {
  const body = JSON.stringify(text)
    .slice(1, -1)
    .replaceAll('\\"', '"')
    .replaceAll("'", "\\'")
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029')
    .replaceAll('</', '<\\/');
  return `'${body}'`;
}

const identifier = /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u;

/** One word of a POSIX shell, whatever it holds. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** A property name in a type or an object: bare when it is an identifier. `__proto__` is quoted and computed, since bare it would set the prototype. */
export function propertyKey(name: string): string {
  if (name === '__proto__') return "['__proto__']";
  return identifier.test(name) ? name : stringLiteral(name);
}

/** A JSON value as a TypeScript expression; the same text whatever its keys are called. */
export function jsonLiteral(value: unknown): string {
  if (typeof value === 'string') return stringLiteral(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined';
  if (Array.isArray(value)) return `[${value.map(jsonLiteral).join(', ')}]`;
  const members = Object.entries(value).map(([name, each]) => `${propertyKey(name)}: ${jsonLiteral(each)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

/** `.name`, `["na-me"]`, or with `?.` when what stands before may be missing. */
export function memberAccess(name: string, maybe: boolean): string {
  if (identifier.test(name)) return `${maybe ? '?' : ''}.${name}`;
  return `${maybe ? '?.' : ''}[${stringLiteral(name)}]`;
}

/**
 * A whole file with nothing in it that reads differently from what it does: control characters, marks that turn the direction of text around (with which a
 * comment can look like code and code like a comment, https://trojansource.codes) and line ends that editors do not show. Code gets their escapes, which
 * mean the same in every string and nothing in a comment.
 */
export function visibleText(path: string, text: string): string {
  const isCode = /\.(ts|json)$/.test(path);
  return text.replace(hidden, (sign) =>
    isCode ? `\\u${(sign.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}` : '\ufffd',
  );
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const hidden = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** Text on one line, safe inside any comment. */
export function commentText(text: string): string {
  return text
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replaceAll('*/', '*\\/')
    .trim();
}

/** A JSDoc block of one or more paragraphs, without indentation. */
export function docComment(text: string, ...more: readonly string[]): string {
  const lines = [text, ...more]
    .flatMap((part) => part.split(/\r?\n/))
    .map(commentText)
    .filter((line) => line !== '');
  const [only] = lines;
  if (lines.length === 1 && only !== undefined) return `/** ${only} */`;
  return ['/**', ...lines.map((line) => ` * ${line}`), ' */'].join('\n');
}

/** Text in Markdown, table cells included: nothing in it is markup. */
export function markdownText(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\\`*_{}[\]<>|#&~$]|:(?=\/\/)|^[-+](?= )|^[-=](?=[-= ]*$)/g, '\\$&')
    .replace(/^(\d+)([.)])(?= |$)/, '$1\\$2');
}

/** Code within a line of Markdown, exactly as written but on one line; the fence is longer than any run of backticks in it. Empty text gives nothing. */
export function markdownCode(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  if (line === '') return '';
  const runs = line.match(/`+/g) ?? [];
  const fence = '`'.repeat(runs.reduce((most, run) => Math.max(most, run.length), 0) + 1);
  return line.includes('`') ? `${fence} ${line} ${fence}` : `${fence}${line}${fence}`;
}

/** The same in a cell of a table, where a bar would end the cell even within code. */
export function markdownCellCode(text: string): string {
  return markdownCode(text).replaceAll('|', '\\|');
}

/** Target of a Markdown link: a relative path with forward slashes, each segment encoded. */
export function markdownTarget(path: string): string {
  return path
    .split('/')
    .map((segment) => encodeURIComponent(segment).replace(/[()'*!]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`))
    .join('/');
}

/** Longest text in a diagram; what is longer would push everything else off the page. */
const diagramTextMax = 100;

/**
 * Text in a Mermaid diagram: every sign that is not a letter, a digit or harmless becomes the character code that Mermaid turns back after parsing, so that
 * no `;`, `#`, `:`, quote or tag of a contract is ever read as its language. Cut after 100 characters.
 */
export function mermaidText(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const shown = [...line];
  const cut = shown.length > diagramTextMax ? `${shown.slice(0, diagramTextMax - 1).join('')}…` : line;
  return cut.replace(/[^\p{L}\p{M}\p{N} .,_/…-]/gu, (sign) => `#${sign.codePointAt(0)};`);
}

/** The same on as many lines as it takes, each as close to `width` characters as its words allow. */
export function mermaidLines(text: string, width: number): string {
  const lines: string[] = [];
  for (const word of text.trim().split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.map(mermaidText).join('<br/>');
}

/** A label of one or more lines in a Mermaid diagram, in double quotes. */
export function mermaidLabel(...lines: readonly string[]): string {
  return `"${lines.map(mermaidText).join('<br/>')}"`;
}

/** A node id in a Mermaid diagram: never a word of its language. */
export function mermaidId(name: string): string {
  return `n_${snakeName(name)}`;
}

/** Gives each key a name of its own: the first keeps what it wants, later ones get a number. Upper and lower case count as the same, since file systems do. */
export function distinct<K>(keys: readonly K[], wanted: (key: K) => string): ReadonlyMap<K, string> {
  const taken = new Set<string>();
  const names = new Map<K, string>();
  for (const key of keys) {
    const base = wanted(key);
    let name = base;
    for (let count = 2; taken.has(name.toLowerCase()); count++) name = `${base}${count}`;
    taken.add(name.toLowerCase());
    names.set(key, name);
  }
  return names;
}
