import { canonicalJson } from '../../generator/schema/edges.js';
import { exampleOf } from '../../generator/schema/example.js';
import type { NodeId, SchemaGraph } from '../../generator/schema/node.js';
import { ProblemError } from '../../runtime/http/problem.js';
import { checkOf } from './checks.js';
import type { StubContent, StubOperation, StubReply } from './provider.js';

/** The same number for the same texts: what is made up depends on the seed and on what was asked, not on what was asked before. */
export function seedOf(...parts: readonly (string | number)[]): number {
  let hash = 0x811c9dc5;
  for (const char of parts.join('\u0000')) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  // The example builder multiplies it; more would lose the low digits.
  return (hash >>> 0) % 1_000_003;
}

/**
 * Body of an answer: the named example, else the first written one that keeps its schema, else made up. Throws `ProblemError` 500 where no value fits.
 */
export function bodyOf(operation: StubOperation, content: StubContent, seed: number, example?: string): unknown {
  const { definition, id, examples } = content;
  const named = example === undefined ? undefined : examples.find(({ name }) => name === example);
  if (named !== undefined) return formed(named.value, definition.kind, definition.type);
  if (id === undefined) {
    const [first] = examples;
    if (first !== undefined) return formed(first.value, definition.kind, definition.type);
    return definition.kind === 'json' ? {} : formed(undefined, definition.kind, definition.type);
  }
  const check = checkOf(operation.graph, id);
  const written = [...examples.map(({ value }) => value), ...(operation.graph.node(id).examples ?? [])];
  const valid = written.find((value) => check(value).length === 0);
  return valid === undefined ? madeUp(operation.graph, id, seed, operation.name) : copied(valid);
}

/** A value that fits a schema. Throws `ProblemError` 500 where none is found. */
export function madeUp(graph: SchemaGraph, id: NodeId, seed: number, what: string): unknown {
  const made = exampleOf(graph, id, { seed, check: checkOf(graph, id) });
  if (made.ok) return made.value;
  throw new ProblemError(500, {
    title: 'The stub has no answer',
    detail: `no value was found for the schema of ${what}: ${made.reason}; write an example into the contract`,
  });
}

/** Texts and bytes have no schema; what the contract shows is taken when it has that form. */
function formed(value: unknown, kind: string, type: string): unknown {
  if (kind === 'json' || kind === 'form') return copied(value ?? {});
  const text = typeof value === 'string' ? value : value === undefined ? sampleText(type) : JSON.stringify(value);
  if (kind === 'text') return text;
  if (kind === 'binary') return new TextEncoder().encode(text);
  const parts = new FormData();
  parts.append('part', text);
  return parts;
}

function sampleText(type: string): string {
  if (type.endsWith('xml')) return '<?xml version="1.0" encoding="UTF-8"?><sample/>';
  if (type === 'text/html') return '<!doctype html><title>sample</title>';
  return type === 'text/event-stream' ? 'data: sample\n\n' : 'sample';
}

/** Valid JSON that a reader of the contract must refuse; undefined where every value is allowed. */
export function wrongBody(operation: StubOperation, content: StubContent, valid: unknown): unknown {
  if (content.id === undefined || content.definition.kind !== 'json') return undefined;
  const check = checkOf(operation.readerGraph, content.id);
  return breakages(valid).find((value) => check(value).length > 0);
}

/** A small thing wrong first: the nearer a body is to a valid one, the more a reader has to look. */
function breakages(valid: unknown): readonly unknown[] {
  const wholesale = [null, 'not what was agreed', -1.5, true, [], {}, [null], [{}]];
  if (typeof valid !== 'object' || valid === null) return wholesale;
  if (Array.isArray(valid)) {
    return [...valid.slice(0, 1).flatMap((item) => breakages(item).map((other) => [other])), ...wholesale];
  }
  const changed = Object.entries(valid).flatMap(([key, value]) => [
    { ...valid, [key]: Array.isArray(value) || (typeof value === 'object' && value !== null) ? 'wrong' : [value] },
    Object.fromEntries(Object.entries(valid).filter(([other]) => other !== key)),
  ]);
  return [...changed, ...wholesale];
}

/** Values of the headers that the contract names for an answer. */
export function headersOf(reply: StubReply, seed: number): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const { name, id } of reply.headers) {
    if (!/^[\w-]+$/.test(name) || framing.has(name.toLowerCase())) continue;
    // A made-up wait would be kept by whoever asks again.
    if (name.toLowerCase() === 'retry-after') headers[name] = '1';
    else {
      const made = id === undefined ? undefined : exampleOf(reply.headerGraph, id, { seed });
      const value = made?.ok === true ? made.value : 'sample';
      const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
      if (/^[\x20-\x7e]*$/.test(text)) headers[name] = text;
    }
  }
  return headers;
}

/** Headers that say how the answer is carried: made-up ones would make it unreadable. */
const framing = new Set([
  'content-type',
  'content-length',
  'content-encoding',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'trailer',
  'upgrade',
  'date',
]);

export function isSame(a: unknown, b: unknown): boolean {
  return canonicalJson(a) === canonicalJson(b);
}

/** Values of contracts are shared and may have no prototype. */
function copied(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
