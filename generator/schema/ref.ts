import { dirname, resolve as resolvePath } from 'node:path';

/** A schema by place: file (the key in the document map, usually an absolute path) and JSON pointer (`` for the whole file). */
export interface SchemaRef {
  readonly file: string;
  readonly pointer: string;
}

/** Every parsed file of a workspace by absolute path. Mappings may have a null prototype. */
export type Documents = ReadonlyMap<string, unknown>;

export type Resolution =
  | { readonly ok: true; readonly ref: SchemaRef; readonly value: unknown }
  | { readonly ok: false; readonly reason: string };

export interface Resolver {
  /** Where `$ref` text, written at `from`, leads: one hop, canonical pointer. `$id`, `$anchor` and relative files are understood; nothing is fetched. */
  resolve(from: SchemaRef, reference: string): Resolution;
  /** The value at a place, stepping through `$ref` on the way when a pointer leads into a referenced schema. */
  at(ref: SchemaRef): Resolution;
}

/** Follows references over parsed documents. Scans a document for `$id` and `$anchor` the first time it is needed. */
export function createResolver(documents: Documents): Resolver {
  const indexes = new Map<string, DocumentIndex>();
  const indexOf = (file: string): DocumentIndex => {
    const known = indexes.get(file);
    if (known) return known;
    const index = indexDocument(documents.get(file));
    indexes.set(file, index);
    return index;
  };

  function follow(from: SchemaRef, reference: string, steps: Steps): Resolution {
    if (++steps.taken > STEPS_MAX) return { ok: false, reason: `"${reference}" goes round in a circle` };
    const hash = reference.indexOf('#');
    const address = decode(hash < 0 ? reference : reference.slice(0, hash));
    const fragment = decode(hash < 0 ? '' : reference.slice(hash + 1));
    const base = address === '' ? resourceOf(from) : locate(from, address);
    if (!base) return { ok: false, reason: `"${reference}" names no file of this workspace` };
    if (fragment === '' || fragment.startsWith('/')) {
      const inResource = stepTo({ file: base.file, pointer: base.pointer + canonical(fragment) }, steps);
      // Authors put an `$id` into a schema and still count pointers from the top of the file.
      if (inResource.ok || base.pointer === '') return inResource.ok ? inResource : missing(reference);
      const inFile = stepTo({ file: base.file, pointer: canonical(fragment) }, steps);
      return inFile.ok ? inFile : missing(reference);
    }
    const anchors = indexOf(base.file).anchors;
    const pointer = anchors.get(`${base.pointer}#${fragment}`) ?? anchors.get(`#${fragment}`);
    return pointer === undefined ? missing(reference) : stepTo({ file: base.file, pointer }, steps);
  }

  function stepTo(ref: SchemaRef, steps: Steps): Resolution {
    if (!documents.has(ref.file)) return { ok: false, reason: `"${ref.file}" was not read` };
    let value = documents.get(ref.file);
    let pointer = '';
    const tokens = tokensOf(ref.pointer);
    for (const [index, token] of tokens.entries()) {
      if (has(value, token)) {
        value = child(value, token);
        pointer += `/${escapeToken(token)}`;
        continue;
      }
      const through = has(value, '$ref') ? child(value, '$ref') : undefined;
      if (typeof through !== 'string') return { ok: false, reason: `nothing stands at "${ref.pointer}"` };
      const target = follow({ file: ref.file, pointer }, through, steps);
      if (!target.ok) return target;
      const rest = tokens.slice(index).map((each) => `/${escapeToken(each)}`);
      return stepTo({ file: target.ref.file, pointer: target.ref.pointer + rest.join('') }, steps);
    }
    return { ok: true, ref: { file: ref.file, pointer }, value };
  }

  /** The innermost `$id` resource that holds a place; the file itself when there is none. */
  function resourceOf(from: SchemaRef): SchemaRef {
    let best = '';
    for (const pointer of indexOf(from.file).resources.keys()) {
      if (pointer.length > best.length && isWithin(from.pointer, pointer)) best = pointer;
    }
    return { file: from.file, pointer: best };
  }

  function locate(from: SchemaRef, address: string): SchemaRef | undefined {
    const resource = resourceOf(from);
    const id = indexOf(from.file).resources.get(resource.pointer);
    const uri = absoluteUri(address, id);
    for (const file of documents.keys()) {
      for (const [pointer, known] of indexOf(file).resources)
        if (known === uri || known === address) return { file, pointer };
    }
    const path = address.startsWith('file://')
      ? address.slice('file://'.length)
      : resolvePath(dirname(from.file), address);
    if (documents.has(path)) return { file: path, pointer: '' };
    return documents.has(address) ? { file: address, pointer: '' } : undefined;
  }

  return {
    resolve: (from, reference) => follow(from, reference, { taken: 0 }),
    at: (ref) => stepTo(ref, { taken: 0 }),
  };
}

/** References followed on the way to one place, detours included: pointers that lead through references may come back to themselves. */
interface Steps {
  taken: number;
}

const STEPS_MAX = 100;

/** Unescaped tokens of a JSON pointer; `[]` for the root. */
export function tokensOf(pointer: string): readonly string[] {
  if (pointer === '') return [];
  return pointer
    .slice(1)
    .split('/')
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** One step of a JSON pointer, escaped. */
export function escapeToken(token: string): string {
  return token.replaceAll('~', '~0').replaceAll('/', '~1');
}

interface DocumentIndex {
  /** Pointer of each schema resource -> its `$id`, absolute when a base is known. */
  readonly resources: ReadonlyMap<string, string>;
  /** `<resource pointer>#<name>` and `#<name>` -> pointer. */
  readonly anchors: ReadonlyMap<string, string>;
}

/** Values that are data, not schemas: an `$id` inside them means nothing. */
const DATA_KEYS = new Set(['enum', 'const', 'default', 'example', 'examples']);

function indexDocument(document: unknown): DocumentIndex {
  const resources = new Map<string, string>();
  const anchors = new Map<string, string>();
  const anchor = (resource: string, name: string, pointer: string) => {
    if (!anchors.has(`${resource}#${name}`)) anchors.set(`${resource}#${name}`, pointer);
    if (!anchors.has(`#${name}`)) anchors.set(`#${name}`, pointer);
  };
  const pending: { value: unknown; pointer: string; resource: string; base: string | undefined }[] = [
    { value: document, pointer: '', resource: '', base: undefined },
  ];
  for (let next = pending.pop(); next; next = pending.pop()) {
    let { resource, base } = next;
    const { value, pointer } = next;
    if (typeof value !== 'object' || value === null) continue;
    const id = has(value, '$id') ? child(value, '$id') : undefined;
    if (typeof id === 'string' && id.startsWith('#')) anchor(resource, id.slice(1), pointer);
    else if (typeof id === 'string' && id !== '') {
      base = absoluteUri(id.replace(/#$/, ''), base);
      resource = pointer;
      resources.set(pointer, base);
    }
    for (const key of ['$anchor', '$dynamicAnchor']) {
      const name = has(value, key) ? child(value, key) : undefined;
      if (typeof name === 'string') anchor(resource, name, pointer);
    }
    for (const [key, inner] of Object.entries(value)) {
      if (typeof inner !== 'object' || inner === null || (DATA_KEYS.has(key) && !pointer.endsWith('/properties')))
        continue;
      pending.push({ value: inner, pointer: `${pointer}/${escapeToken(key)}`, resource, base });
    }
  }
  return { resources, anchors };
}

function absoluteUri(address: string, base: string | undefined): string {
  try {
    return new URL(address, base).href;
  } catch {
    return address;
  }
}

function canonical(fragment: string): string {
  return tokensOf(fragment)
    .map((token) => `/${escapeToken(token)}`)
    .join('');
}

function isWithin(pointer: string, ancestor: string): boolean {
  return pointer === ancestor || pointer.startsWith(`${ancestor}/`);
}

function has(value: unknown, key: string): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key);
}

function child(value: unknown, key: string): unknown {
  return (value as Readonly<Record<string, unknown>>)[key];
}

/** A `%` that is no escape stays as it is: file names hold such things. */
function decode(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function missing(reference: string): Resolution {
  return { ok: false, reason: `"${reference}" leads nowhere` };
}
