import type { Position } from '../../diagnostics/position.js';
import type { Source, ValuePath } from '../../load/documents.js';

/** A value in a file together with its place; reading never throws, since the language schema has already spoken. */
export class Node {
  readonly source: Source;
  readonly path: ValuePath;
  readonly value: unknown;

  private constructor(source: Source, path: ValuePath, value: unknown) {
    this.source = source;
    this.path = path;
    this.value = value;
  }

  /** The whole file. No default for the value of other nodes: an absent one is `undefined` and must not become the root. */
  static of(source: Source): Node {
    return new Node(source, [], source.value);
  }

  get at(): Position {
    return this.source.at(this.path);
  }

  /** Position of the key (or the list item) that leads here. */
  get keyAt(): Position {
    return this.source.keyAt(this.path);
  }

  get exists(): boolean {
    return this.value !== undefined && this.value !== null;
  }

  get(key: string): Node {
    const value = isMapping(this.value) && Object.hasOwn(this.value, key) ? this.value[key] : undefined;
    return new Node(this.source, [...this.path, key], value);
  }

  get isMapping(): boolean {
    return isMapping(this.value);
  }

  get isList(): boolean {
    return Array.isArray(this.value);
  }

  text(): string | undefined {
    return typeof this.value === 'string' ? this.value : undefined;
  }

  number(): number | undefined {
    return typeof this.value === 'number' ? this.value : undefined;
  }

  flag(): boolean | undefined {
    return typeof this.value === 'boolean' ? this.value : undefined;
  }

  /** Entries of a mapping, in the order of the file. */
  entries(): readonly (readonly [string, Node])[] {
    if (!isMapping(this.value)) return [];
    return Object.entries(this.value).map(([key, value]) => [key, new Node(this.source, [...this.path, key], value)]);
  }

  /** Items of a list. */
  items(): readonly Node[] {
    if (!Array.isArray(this.value)) return [];
    return this.value.map((value, index) => new Node(this.source, [...this.path, index], value));
  }

  /** Items that are text. */
  texts(): readonly string[] {
    return this.items().flatMap((item) => item.text() ?? []);
  }
}

export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
