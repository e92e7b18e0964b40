/** A binary heap: the item that comes before all others is found at once, adding and taking cost O(log n). */
export class Heap<T extends object> {
  readonly #items: T[] = [];
  readonly #before: (a: T, b: T) => boolean;

  /** `before` must be a strict total order; items that tie come out in any order. */
  constructor(before: (a: T, b: T) => boolean) {
    this.#before = before;
  }

  get size(): number {
    return this.#items.length;
  }

  peek(): T | undefined {
    return this.#items[0];
  }

  push(item: T): void {
    let hole = this.#items.length;
    this.#items.push(item);
    while (hole > 0) {
      const parentIndex = (hole - 1) >> 1;
      const parent = this.#items[parentIndex] as T;
      if (!this.#before(item, parent)) break;
      this.#items[hole] = parent;
      hole = parentIndex;
    }
    this.#items[hole] = item;
  }

  pop(): T | undefined {
    const first = this.#items[0];
    const last = this.#items.pop();
    if (last !== undefined && this.#items.length > 0) this.#sink(last);
    return first;
  }

  /** Every item, in no particular order. */
  values(): readonly T[] {
    return this.#items;
  }

  #sink(item: T): void {
    const { length } = this.#items;
    let hole = 0;
    for (;;) {
      let childIndex = 2 * hole + 1;
      let child = this.#items[childIndex];
      if (child === undefined) break;
      const right = childIndex + 1 < length ? this.#items[childIndex + 1] : undefined;
      if (right !== undefined && this.#before(right, child)) {
        child = right;
        childIndex++;
      }
      if (!this.#before(child, item)) break;
      this.#items[hole] = child;
      hole = childIndex;
    }
    this.#items[hole] = item;
  }
}
