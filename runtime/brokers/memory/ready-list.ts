import { Heap } from '../../heap.js';

/**
 * Messages waiting in one partition, in the order of their positions.
 *
 * A returned message goes back to where it stood, as in RabbitMQ: new arrivals form a plain queue, returned ones a heap beside it, and whichever holds
 * the lower position comes first. No operation moves the rest of the list.
 */
export class ReadyList<E extends { readonly position: number }> {
  #arrived: E[] = [];
  #head = 0;
  readonly #returned = new Heap<E>((a, b) => a.position < b.position);

  get size(): number {
    return this.#arrived.length - this.#head + this.#returned.size;
  }

  /** The position must be higher than that of every earlier arrival. */
  append(entry: E): void {
    this.#arrived.push(entry);
  }

  putBack(entry: E): void {
    this.#returned.push(entry);
  }

  /** The entry that `take` would answer. */
  first(): E | undefined {
    const arrived = this.#arrived[this.#head];
    const returned = this.#returned.peek();
    if (arrived === undefined || returned === undefined) return arrived ?? returned;
    return returned.position < arrived.position ? returned : arrived;
  }

  take(): E | undefined {
    const first = this.first();
    if (first === undefined) return undefined;
    if (first === this.#returned.peek()) return this.#returned.pop();
    this.#head++;
    this.#compact();
    return first;
  }

  /** Takes the first entry out that matches, wherever it stands; false when none does. Costs as much as the list is long: for operators. */
  remove(matches: (entry: E) => boolean): boolean {
    const index = this.#arrived.findIndex((entry, place) => place >= this.#head && matches(entry));
    if (index >= 0) {
      this.#arrived.splice(index, 1);
      return true;
    }
    const returned = [...this.#returned.values()];
    const found = returned.find(matches);
    if (found === undefined) return false;
    while (this.#returned.pop() !== undefined);
    for (const entry of returned) if (entry !== found) this.#returned.push(entry);
    return true;
  }

  /** A copy, in order. */
  list(): readonly E[] {
    return [...this.#returned.values(), ...this.#arrived.slice(this.#head)].sort((a, b) => a.position - b.position);
  }

  /** Drops taken entries once they outnumber the waiting ones: each entry is moved a constant number of times on average. */
  #compact(): void {
    if (this.#head < 64 || this.#head * 2 < this.#arrived.length) return;
    this.#arrived = this.#arrived.slice(this.#head);
    this.#head = 0;
  }
}
