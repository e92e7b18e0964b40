import { resolverOf } from '../../schema/look-up.js';
import { createResolver, type Documents, escapeToken, type SchemaRef, tokensOf } from '../../schema/ref.js';

/** Words at the root of a document that say how its schemas are read. */
const HEAD = ['$schema', 'asyncapi', 'openapi', 'swagger', 'jsonSchemaDialect'] as const;
/** Where these are said, a reference means more than a place. */
const NAMING = new Set(['$id', '$anchor', '$dynamicAnchor', '$dynamicRef', '$recursiveAnchor', '$recursiveRef']);

/**
 * The documents cut down to one schema and what it refers to, as written and at the same places, so that a question about a small schema of a large
 * document costs as much as the schema. The whole documents where a cut could change what a reference means.
 */
export function excerpt(documents: Documents, start: SchemaRef): Documents {
  const resolver = resolverOf(documents);
  const places = new Map<string, SchemaRef>();
  const values = new Map<string, unknown>();
  const references: { readonly from: SchemaRef; readonly text: string }[] = [];
  const reach = (from: SchemaRef, text?: string): boolean => {
    const found = text === undefined ? resolver.at(from) : resolver.resolve(from, text);
    if (!found.ok) return false;
    const key = `${found.ref.file}#${found.ref.pointer}`;
    if (places.has(key)) return true;
    places.set(key, found.ref);
    values.set(key, found.value);
    return collect(found.value, found.ref, references);
  };
  if (!reach(start)) return documents;
  for (const { from, text } of references) if (!reach(from, text)) return documents;
  const cut = new Map<string, unknown>();
  for (const [key, { file, pointer }] of [...places].sort(([, a], [, b]) => a.pointer.length - b.pointer.length))
    cut.set(file, placed(cut.get(file) ?? headOf(documents.get(file)), tokensOf(pointer), values.get(key)));
  const within = createResolver(cut);
  const complete = references.every(({ from, text }) => within.resolve(from, text).ok) && within.at(start).ok;
  return complete ? cut : documents;
}

/** Lists the references of a value; false when it names itself in a way that reaches beyond its place. */
function collect(value: unknown, at: SchemaRef, into: { readonly from: SchemaRef; readonly text: string }[]): boolean {
  const pending: (readonly [unknown, string])[] = [[value, at.pointer]];
  for (const [each, pointer] of pending) {
    if (typeof each !== 'object' || each === null) continue;
    for (const [key, inner] of Object.entries(each)) {
      if (NAMING.has(key) && typeof inner === 'string') return false;
      if (key === '$ref' && typeof inner === 'string') into.push({ from: { file: at.file, pointer }, text: inner });
      else pending.push([inner, `${pointer}/${escapeToken(key)}`]);
    }
  }
  return true;
}

type Cut = Record<string, unknown>;

/** Puts a value at its place. What lies within a value that is there already is there already. */
function placed(root: unknown, tokens: readonly string[], value: unknown): unknown {
  if (tokens.length === 0) return value;
  let current = root as Cut;
  for (const [index, token] of tokens.entries()) {
    const last = index === tokens.length - 1;
    const known = Object.hasOwn(current, token) ? current[token] : undefined;
    if (last) {
      if (known === undefined) current[token] = value;
    } else if (known === undefined) {
      const made: Cut = Object.create(null) as Cut;
      current[token] = made;
      current = made;
    } else if (OURS.has(known as object)) current = known as Cut;
    else return root;
    if (!last) OURS.add(current);
  }
  return root;
}

/** Mappings that were made here; all others are parts of contracts and are not touched. */
const OURS = new WeakSet<object>();

function headOf(document: unknown): Cut {
  const head: Cut = Object.create(null) as Cut;
  OURS.add(head);
  if (typeof document !== 'object' || document === null) return head;
  for (const word of HEAD)
    if (Object.hasOwn(document, word)) head[word] = (document as Readonly<Record<string, unknown>>)[word];
  return head;
}
