import type { Position } from '../diagnostics/position.js';
import type { ValuePath } from './documents.js';

/** Where the entries of one mapping or list begin, as offsets into the text. A list has no keys. */
export interface Entries {
  readonly start: number;
  readonly keys?: readonly string[];
  readonly keyStarts?: readonly number[];
  readonly starts: readonly number[];
}

/** The value of a parsed file and the layout of each mapping and list in it. */
export interface Parsed {
  readonly value: unknown;
  /** Offset of the root value. */
  readonly start: number;
  readonly entriesOf: (container: object) => Entries | undefined;
}

/** Turns paths into positions on demand; nothing is computed for a file that nobody complains about. */
export class Layout {
  private lineStarts: readonly number[] | undefined;

  constructor(
    private readonly file: string,
    private readonly text: string,
    private readonly parsed: Parsed,
  ) {}

  /** Position of the value at `path`, or of its nearest existing parent. */
  at(path: ValuePath): Position {
    return this.position(this.offset(path, 'value'));
  }

  /** Position of the key that leads to `path`; of the item itself in a list. */
  keyAt(path: ValuePath): Position {
    return this.position(this.offset(path, 'key'));
  }

  position(offset: number): Position {
    this.lineStarts ??= lineStartsOf(this.text);
    const line = lineOf(this.lineStarts, offset);
    return { file: this.file, line: line + 1, column: offset - (this.lineStarts[line] ?? 0) + 1 };
  }

  private offset(path: ValuePath, what: 'key' | 'value'): number {
    let value = this.parsed.value;
    let offset = this.parsed.start;
    for (const [depth, step] of path.entries()) {
      const entries = typeof value === 'object' && value !== null ? this.parsed.entriesOf(value) : undefined;
      const index = entries === undefined ? -1 : indexOf(entries, step);
      if (entries === undefined || index < 0) break;
      const last = depth === path.length - 1;
      offset = (last && what === 'key' ? entries.keyStarts?.[index] : undefined) ?? entries.starts[index] ?? offset;
      value = (value as Record<string | number, unknown>)[step];
    }
    return offset;
  }
}

function indexOf(entries: Entries, step: string | number): number {
  if (entries.keys === undefined) return Number(step) < entries.starts.length ? Number(step) : -1;
  if (entries.keys.length < 16) return entries.keys.indexOf(String(step));
  return keyIndex(entries, entries.keys).get(String(step)) ?? -1;
}

const keyIndexes = new WeakMap<Entries, ReadonlyMap<string, number>>();

/** Thousands of components are looked up one by one: a search through the keys each time would be quadratic. */
function keyIndex(entries: Entries, keys: readonly string[]): ReadonlyMap<string, number> {
  const known = keyIndexes.get(entries);
  if (known !== undefined) return known;
  const index = new Map(keys.map((key, at) => [key, at]));
  keyIndexes.set(entries, index);
  return index;
}

function lineStartsOf(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** The last line that starts at or before `offset`. */
function lineOf(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
