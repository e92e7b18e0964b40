import type { Entries } from './layout.js';
import { closingQuote, isOverAfter, resolvePlain } from './yaml-scalar.js';

const DEPTH_MAX = 50;
/** An unquoted scalar without any character that could mean something in a flow collection. */
const WORD = /-?[A-Za-z0-9_$/.^(][^,:[\]{}#&*!|>'"%@`?\r\n]*/y;

/** Reads flow collections that stand on one line: `{ type: string, enum: [a, b] }`. */
export class FlowReader {
  private offset = 0;
  private end = 0;

  constructor(
    private readonly text: string,
    private readonly entries: WeakMap<object, Entries>,
  ) {}

  /** The collection that opens at `at` and closes before `end`; undefined when anything in it is out of the ordinary. */
  read(at: number, end: number): { readonly value: unknown } | undefined {
    this.offset = at;
    this.end = end;
    const value = this.value(0);
    return value === UNUSUAL || !isOverAfter(this.text, this.offset, end) ? undefined : { value };
  }

  private value(depth: number): unknown {
    const first = this.text[this.offset];
    if (depth > DEPTH_MAX) return UNUSUAL;
    if (first === '[') return this.list(depth);
    if (first === '{') return this.mapping(depth);
    const scalar = this.scalar();
    return scalar === undefined ? UNUSUAL : scalar.quoted ? scalar.text : resolvePlain(scalar.text);
  }

  private list(depth: number): unknown {
    const start = this.offset;
    const value: unknown[] = [];
    const starts: number[] = [];
    this.offset += 1;
    if (!this.takes(']')) {
      do {
        this.space();
        starts.push(this.offset);
        const item = this.value(depth + 1);
        if (item === UNUSUAL) return UNUSUAL;
        value.push(item);
      } while (this.takes(','));
      if (!this.takes(']')) return UNUSUAL;
    }
    this.entries.set(value, { start, starts });
    return value;
  }

  private mapping(depth: number): unknown {
    const start = this.offset;
    const value: Record<string, unknown> = Object.create(null);
    const keys: string[] = [];
    const keyStarts: number[] = [];
    const starts: number[] = [];
    this.offset += 1;
    if (!this.takes('}')) {
      do {
        this.space();
        const keyStart = this.offset;
        const key = this.scalar()?.text;
        if (key === undefined || key in value || this.text[this.offset] !== ':' || this.text[this.offset + 1] !== ' ')
          return UNUSUAL;
        this.offset += 1;
        this.space();
        keys.push(key);
        keyStarts.push(keyStart);
        starts.push(this.offset);
        const item = this.value(depth + 1);
        if (item === UNUSUAL) return UNUSUAL;
        value[key] = item;
      } while (this.takes(','));
      if (!this.takes('}')) return UNUSUAL;
    }
    this.entries.set(value, { start, keys, keyStarts, starts });
    return value;
  }

  private scalar(): { readonly text: string; readonly quoted: boolean } | undefined {
    const start = this.offset;
    const first = this.text[start];
    if (first === '"' || first === "'") {
      const close = closingQuote(this.text, start, this.end);
      if (close < 0) return undefined;
      this.offset = close + 1;
      return { text: this.text.slice(start + 1, close), quoted: true };
    }
    WORD.lastIndex = start;
    const word = WORD.exec(this.text)?.[0].trimEnd();
    if (word === undefined || start + word.length > this.end) return undefined;
    this.offset = start + word.length;
    return { text: word, quoted: false };
  }

  private takes(char: string): boolean {
    this.space();
    if (this.offset >= this.end || this.text[this.offset] !== char) return false;
    this.offset += 1;
    return true;
  }

  private space(): void {
    while (this.text.charCodeAt(this.offset) === 32) this.offset += 1;
  }
}

const UNUSUAL = Symbol('unusual');
