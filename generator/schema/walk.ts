import { declaredDialect, dialectOfFormat } from './dialect.js';
import { isMapping, isSchema, type Raw, type ReadContext } from './keywords.js';
import { resolverOf } from './look-up.js';
import type { Seen } from './naming.js';
import type { Dialect, SchemaProblem } from './node.js';
import { readSchema } from './read.js';
import { type Documents, escapeToken, type SchemaRef } from './ref.js';

/** What a walk has found. */
export interface Walk {
  /** By place key, in order of first sight. */
  readonly seen: ReadonlyMap<string, Seen>;
  readonly problems: readonly SchemaProblem[];
  enter(ref: SchemaRef, dialect: Dialect): string;
  finish(): void;
  locate(ref: SchemaRef): string | undefined;
}

interface Pending {
  readonly place: string;
  readonly ref: SchemaRef;
  readonly value: unknown;
  readonly dialect: Dialect;
  /** Whether a missing type may be read into this schema, and into what lies below it. */
  readonly imply: boolean;
  readonly deep: boolean;
  /** How many schemas it is nested in, counted from the last named one. */
  readonly depth: number;
}

/** Deeper inline nesting is not read: compilers and validators work recursively and nobody writes it. */
const DEPTH_MAX = 200;

/** Visits every schema reachable from the entered ones once, breadth first and without recursion: contracts may nest deeper than the stack. */
export function createWalk(documents: Documents, contractReading: boolean): Walk {
  const resolver = resolverOf(documents);
  const seen = new Map<string, Seen>();
  const problems: SchemaProblem[] = [];
  const pending: Pending[] = [];
  const named = { imply: contractReading, deep: contractReading, depth: 0 };
  const queued = new Map<string, { target: boolean }>();

  function queue(
    ref: SchemaRef,
    dialect: Dialect,
    value: unknown,
    reading: { imply: boolean; deep: boolean; depth: number },
    parent?: string,
  ): string {
    const target = parent === undefined;
    const place = `${ref.file}#${ref.pointer}`;
    const known = queued.get(place);
    if (known) {
      known.target ||= target;
      return place;
    }
    const entry: Seen & { target: boolean } = {
      origin: ref,
      body: {},
      target,
      ...(parent === undefined ? {} : { parent }),
    };
    queued.set(place, entry);
    seen.set(place, entry);
    pending.push({ place, ref, value, dialect, ...reading });
    return place;
  }

  /** Follows pure references from a place to the schema that is written out; reports what leads nowhere. */
  function settle(
    ref: SchemaRef,
    dialect: Dialect,
  ): { ref: SchemaRef; value: unknown; dialect: Dialect; hops: number } | undefined {
    let at = resolver.at(ref);
    const visited = new Set<string>();
    for (let hops = 0; ; hops++) {
      if (!at.ok) {
        problems.push({ code: 'ref-unresolved', at: ref, message: at.reason });
        return undefined;
      }
      const own = dialectAt(documents, at.ref, at.value) ?? dialect;
      const link = pureReference(at.value);
      if (link === undefined) return { ref: at.ref, value: at.value, dialect: own, hops };
      const key = `${at.ref.file}#${at.ref.pointer}`;
      if (visited.has(key)) {
        problems.push({
          code: 'ref-cycle',
          at: at.ref,
          message: 'the references lead in a circle and never to a schema',
        });
        return undefined;
      }
      visited.add(key);
      at = resolver.resolve(at.ref, link);
    }
  }

  function enter(ref: SchemaRef, dialect: Dialect): string {
    const settled = settle(ref, dialect);
    if (!settled) return queue(ref, dialect, true, named);
    const format = isMapping(settled.value) && isSchema(settled.value.schema) ? settled.value.schemaFormat : undefined;
    if (typeof format !== 'string') return queue(settled.ref, settled.dialect, settled.value, named);
    // AsyncAPI 3 multi-format schema: the schema proper is one step below.
    return enter(
      { file: settled.ref.file, pointer: `${settled.ref.pointer}/schema` },
      dialectOfFormat(format) ?? settled.dialect,
    );
  }

  function read(next: Pending): void {
    const entry = seen.get(next.place);
    if (!entry) return;
    const { value } = next;
    const report = (code: SchemaProblem['code'], message: string) => problems.push({ code, at: next.ref, message });
    if (next.depth > DEPTH_MAX)
      report('too-deep', `it is nested in more than ${DEPTH_MAX} schemas; every value is accepted here`);
    if (next.depth > DEPTH_MAX) entry.body = { boolean: true };
    else if (typeof value === 'boolean') entry.body = { boolean: value };
    else if (!isMapping(value) || pureReference(value) !== undefined) {
      if (!isMapping(value)) report('not-a-schema', 'this is no schema; every value is accepted here');
      entry.body = { boolean: true };
    } else entry.body = readSchema(value, contextOf(next, report));
  }

  function contextOf(next: Pending, problem: ReadContext['problem']): ReadContext {
    const { ref, place } = next;
    const below = (keys: readonly string[]): SchemaRef => ({
      file: ref.file,
      pointer: ref.pointer + keys.map((key) => `/${escapeToken(key)}`).join(''),
    });
    const follow = (from: SchemaRef, dialect: Dialect): string | undefined => {
      const settled = settle(from, dialect);
      return settled && queue(settled.ref, settled.dialect, settled.value, named);
    };
    return {
      dialect: next.dialect,
      imply: next.imply,
      problem,
      subschema(keys, position, typed = false) {
        const at = below(keys);
        const value = keys.reduce((each, key) => (each as Raw)[key], next.value);
        const deep = next.deep && position !== 'condition';
        const imply = deep && (position === 'value' || (next.imply && !typed));
        const target = pureReference(value) === undefined ? undefined : follow(at, next.dialect);
        return target ?? queue(at, next.dialect, value, { imply, deep, depth: next.depth + 1 }, place);
      },
      reference(text) {
        const target = resolver.resolve(ref, text);
        if (target.ok) return follow(target.ref, next.dialect);
        problem('ref-unresolved', target.reason);
        return undefined;
      },
      synthetic(label, body) {
        const key = `${place}/~${label}`;
        seen.set(key, { origin: ref, body, target: false, parent: place });
        return key;
      },
    };
  }

  return {
    seen,
    problems,
    enter,
    finish() {
      // A for-of loop over an array also visits what is pushed meanwhile.
      for (const next of pending) read(next);
    },
    locate(ref) {
      const settled = resolver.at(ref);
      if (!settled.ok) return undefined;
      let at = settled;
      for (let hops = 0; hops < 50; hops++) {
        const link = pureReference(at.value);
        const next = link === undefined ? undefined : resolver.resolve(at.ref, link);
        if (!next?.ok) break;
        at = next;
      }
      const wrapped = isMapping(at.value) && typeof at.value.schemaFormat === 'string' ? '/schema' : '';
      return `${at.ref.file}#${at.ref.pointer}${wrapped}`;
    },
  };
}

/** The text of a `$ref` that stands alone (documentation beside it aside): such a schema is only another name. */
function pureReference(value: unknown): string | undefined {
  if (!isMapping(value) || typeof value.$ref !== 'string') return undefined;
  return Object.keys(value).every((key) => key === '$ref' || key === 'summary' || key.startsWith('x-'))
    ? value.$ref
    : undefined;
}

/** A file, or a schema inside it, may say which draft it follows. */
function dialectAt(documents: Documents, ref: SchemaRef, value: unknown): Dialect | undefined {
  const own = isMapping(value) ? declaredDialect({ $schema: (value as Raw).$schema }) : undefined;
  return own ?? declaredDialect(documents.get(ref.file));
}
