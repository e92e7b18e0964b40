import type { Fields } from './entity.js';

/** What was created, changed and removed since the stub started, by collection and id. */
export class Memory {
  private readonly collections = new Map<string, Map<string, Fields | 'removed'>>();

  /** The thing, `removed`, or undefined when nobody has spoken of it. */
  find(collection: string, id: string): Fields | 'removed' | undefined {
    return this.collections.get(collection)?.get(id);
  }

  keep(collection: string, id: string, thing: Fields): void {
    this.of(collection).set(id, thing);
  }

  remove(collection: string, id: string): void {
    this.of(collection).set(id, 'removed');
  }

  /** Things in the order of their making; undefined while nobody has touched the collection. */
  list(collection: string): readonly Fields[] | undefined {
    const things = this.collections.get(collection);
    return things && [...things.values()].filter((thing) => thing !== 'removed');
  }

  clear(): void {
    this.collections.clear();
  }

  private of(collection: string): Map<string, Fields | 'removed'> {
    const known = this.collections.get(collection) ?? new Map<string, Fields | 'removed'>();
    this.collections.set(collection, known);
    return known;
  }
}
