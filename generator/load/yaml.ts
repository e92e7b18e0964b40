import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, parseAllDocuments, parseDocument } from 'yaml';
import type { Entries, Parsed } from './layout.js';
import { deepFlowIn } from './yaml-depth.js';
import { parsePlainYaml } from './yaml-plain.js';
import {
  DEPTH_MAX,
  duplicateKey,
  firstOf,
  manyDocuments,
  PROBLEMS_MAX,
  type SyntaxProblem,
  tooDeep,
} from './yaml-problem.js';
import { NotPlain } from './yaml-scalar.js';

export type ParseResult = { readonly parsed: Parsed } | { readonly problems: readonly SyntaxProblem[] };

/** Values that aliases may add to a file. A few lines of nested aliases can otherwise stand for billions of values. */
const ALIASED_MAX = 100_000;

/**
 * Reads YAML 1.2 (core schema, merge keys `<<`) into plain values with null-prototype mappings and string keys.
 *
 * Bounds: 200 levels, 100,000 values added by aliases, one document. Custom tags are refused.
 */
export function parseYaml(text: string): ParseResult {
  try {
    const entries = new WeakMap<object, Entries>();
    const plain = parsePlainYaml(text, entries, (part, offset) => readPart(part, offset, entries));
    return plain === undefined ? parseWithLibrary(text) : { parsed: plain };
  } catch (error) {
    if (error instanceof RangeError) return { problems: [tooDeep(0)] };
    throw error;
  }
}

/** The slow and complete way, which also tells mistakes. */
export function parseWithLibrary(text: string): ParseResult {
  const deep = deepFlowIn(text);
  if (deep !== undefined) return { problems: [tooDeep(deep)] };
  try {
    const documents = parseAllDocuments(text, OPTIONS);
    if ('empty' in documents) return empty;
    const [document, second] = documents;
    if (document === undefined) return empty;
    if (document.errors.length > 0) return { problems: firstOf(document.errors) };
    const tag = document.warnings.find((warning) => warning.code === 'TAG_RESOLVE_FAILED');
    if (tag !== undefined) return { problems: firstOf([tag]) };
    if (second !== undefined) return { problems: [manyDocuments(second.range?.[0] ?? 0)] };
    return new Conversion(new WeakMap(), 0).run(document.contents);
  } catch (error) {
    if (error instanceof RangeError) return { problems: [tooDeep(0)] };
    throw error;
  }
}

const OPTIONS = {
  // The library compares each key with all others of its mapping, which takes minutes for 100,000 keys; `mapping` below finds duplicates instead.
  uniqueKeys: false,
  stringKeys: true,
  prettyErrors: false,
  logLevel: 'silent',
} as const;

/** One value out of a larger text. A mistake in it is told after reading the whole text, where its context is known. */
function readPart(part: string, offset: number, entries: WeakMap<object, Entries>) {
  if (deepFlowIn(part) !== undefined) throw new NotPlain();
  const document = parseDocument(part, OPTIONS);
  if (document.errors.length > 0 || document.warnings.length > 0) throw new NotPlain();
  // A block collection would reach further than the value that the text was taken for: "'key': x".
  if ((isMap(document.contents) || isSeq(document.contents)) && document.contents.flow !== true) throw new NotPlain();
  const result = new Conversion(entries, offset).run(document.contents);
  if ('problems' in result) throw new NotPlain();
  return result.parsed;
}

const empty: ParseResult = { parsed: { value: null, start: 0, entriesOf: () => undefined } };

class Conversion {
  private readonly anchors = new Map<string, { value: unknown; size: number } | 'open'>();
  private readonly problems: SyntaxProblem[] = [];
  private aliased = 0;
  private size = 0;
  private overfull = false;

  /** `base` is the offset of the parsed text within the file. */
  constructor(
    private readonly entries: WeakMap<object, Entries>,
    private readonly base: number,
  ) {}

  run(root: Node | null): ParseResult {
    const value = this.convert(root, 0);
    if (this.problems.length > 0) return { problems: this.problems.slice(0, PROBLEMS_MAX) };
    return { parsed: { value, start: this.startOf(root), entriesOf: (container) => this.entries.get(container) } };
  }

  private convert(node: Node | null, depth: number): unknown {
    if (node === null || this.problems.length >= PROBLEMS_MAX) return null;
    if (depth > DEPTH_MAX) return this.fail(tooDeep(this.startOf(node)));
    if (isAlias(node)) return this.alias(node.source, this.startOf(node));
    const anchor = node.anchor;
    const before = this.size;
    this.size += 1;
    if (anchor !== undefined) this.anchors.set(anchor, 'open');
    const value = this.plain(node, depth);
    if (anchor !== undefined) this.anchors.set(anchor, { value, size: this.size - before });
    return value;
  }

  private plain(node: Node, depth: number): unknown {
    if (isScalar(node)) return typeof node.value === 'bigint' ? Number(node.value) : (node.value ?? null);
    if (isSeq(node)) return this.list(node.items as readonly (Node | null)[], this.startOf(node), depth);
    if (isMap(node)) return this.mapping(node.items as readonly Pair<Node, Node | null>[], this.startOf(node), depth);
    return null;
  }

  private list(items: readonly (Node | null)[], start: number, depth: number): unknown[] {
    const starts = items.map((item) => this.startOf(item));
    const value = items.map((item) => this.convert(item, depth + 1));
    this.entries.set(value, { start, starts });
    return value;
  }

  private mapping(pairs: readonly Pair<Node, Node | null>[], start: number, depth: number): object {
    // A null prototype makes `__proto__`, `constructor` and `toString` ordinary keys.
    const value: Record<string, unknown> = Object.create(null);
    const keys: string[] = [];
    const keyStarts: number[] = [];
    const starts: number[] = [];
    const merged: [unknown, number][] = [];
    for (const pair of pairs) {
      const key = isScalar(pair.key) ? String(pair.key.value ?? '') : '';
      const keyStart = this.startOf(pair.key);
      const item = this.convert(pair.value, depth + 1);
      if (key === '<<' && isScalar(pair.key) && pair.key.type === 'PLAIN') {
        merged.push([item, keyStart]);
        continue;
      }
      if (key in value) this.fail(duplicateKey(key, keyStart, keyStarts[keys.indexOf(key)] ?? start));
      value[key] = item;
      keys.push(key);
      keyStarts.push(keyStart);
      starts.push(pair.value === null ? keyStart : this.startOf(pair.value));
    }
    for (const [source, at] of merged) this.merge(source, at, value, keys, keyStarts, starts);
    this.entries.set(value, { start, keys, keyStarts, starts });
    return value;
  }

  /** `<<: *base`: keys that the mapping does not have itself; their positions stay those of the merged mapping. */
  private merge(
    source: unknown,
    at: number,
    value: Record<string, unknown>,
    keys: string[],
    keyStarts: number[],
    starts: number[],
  ): void {
    for (const base of Array.isArray(source) ? source : [source]) {
      if (typeof base !== 'object' || base === null || Array.isArray(base)) {
        this.fail({
          offset: at,
          message: '"<<" merges something that is not a mapping.',
          fix: 'let it point to a mapping.',
        });
        return;
      }
      const layout = this.entries.get(base);
      for (const [index, key] of (layout?.keys ?? []).entries()) {
        if (key in value) continue;
        value[key] = (base as Record<string, unknown>)[key];
        keys.push(key);
        keyStarts.push(layout?.keyStarts?.[index] ?? at);
        starts.push(layout?.starts[index] ?? at);
      }
    }
  }

  private alias(name: string, offset: number): unknown {
    const target = this.anchors.get(name);
    if (target === undefined) {
      return this.fail({
        offset,
        message: `alias "*${name}" has no anchor before it.`,
        fix: `define "&${name}" above this line.`,
      });
    }
    if (target === 'open') {
      return this.fail({
        offset,
        message: `alias "*${name}" stands inside its own anchor.`,
        fix: 'use a $ref for recursion.',
      });
    }
    this.size += target.size;
    this.aliased += target.size;
    if (this.aliased > ALIASED_MAX) {
      if (this.overfull) return null;
      this.overfull = true;
      return this.fail({
        offset,
        message: `aliases expand this file by more than ${ALIASED_MAX.toLocaleString('en')} values.`,
        fix: 'write the values out, or use $ref.',
      });
    }
    return target.value;
  }

  private fail(problem: SyntaxProblem): null {
    this.problems.push(problem);
    return null;
  }

  private startOf(node: Node | null): number {
    return this.base + (node?.range?.[0] ?? 0);
  }
}
