import { SeamwrightError, UsageError } from '../../errors.js';

/** Names a table and remembers the type of its rows. */
export interface Table<Row> {
  readonly name: string;
  /** Never set: it only carries the type. */
  readonly row?: Row;
}

export function table<Row>(name: string): Table<Row> {
  return { name };
}

/** One key out of several parts, none of which can run into the next. */
export function keyOf(...parts: readonly string[]): string {
  return JSON.stringify(parts);
}

/** Two transactions wait for each other; this one gives up and may be run again. */
export class DeadlockError extends SeamwrightError {
  constructor() {
    super('deadlock', 'the transaction waits for one that waits for it', { retriable: true });
  }
}

/** A row that one transaction has for itself. Gone when the last one that wants it has ended. */
interface Lock {
  readonly table: string;
  readonly key: string;
  holder: CellTransaction | undefined;
  queue: readonly { readonly taker: CellTransaction; readonly grant: () => void }[];
}

/** By table and key. */
type Locks = Map<string, Map<string, Lock>>;

/**
 * Committed rows and the locks on them.
 *
 * Promises what PostgreSQL promises under READ COMMITTED: a transaction sees what is committed and what it wrote itself, a written row stays locked
 * until the end, and a circle of waiting transactions is broken by an error. Transactions interleave at every `await`.
 */
export class Cells {
  readonly #rows = new Map<string, Map<string, unknown>>();
  readonly #locks: Locks = new Map();
  #lastNumber = 0;

  begin(): CellTransaction {
    return new CellTransaction(this.#rows, this.#locks);
  }

  /** A growing number that no rollback gives back, as from a database sequence. */
  nextNumber(): number {
    this.#lastNumber += 1;
    return this.#lastNumber;
  }
}

/** One transaction's view: its own writes over the committed rows. */
export class CellTransaction {
  readonly #rows: Map<string, Map<string, unknown>>;
  readonly #locks: Locks;
  readonly #writes = new Map<string, Map<string, unknown>>();
  readonly #held: Lock[] = [];
  /** More than one when the work runs steps side by side. */
  readonly #waitsFor = new Set<Lock>();
  #failure: Error | undefined;
  #over = false;

  constructor(rows: Map<string, Map<string, unknown>>, locks: Locks) {
    this.#rows = rows;
    this.#locks = locks;
  }

  read<Row>(from: Table<Row>, key: string): Row | undefined {
    this.#assertOpen();
    const written = this.#writes.get(from.name);
    return (written?.has(key) ? written.get(key) : this.#rows.get(from.name)?.get(key)) as Row | undefined;
  }

  /** Every row with its key, in no promised order. */
  rows<Row>(from: Table<Row>): readonly (readonly [string, Row])[] {
    this.#assertOpen();
    const committed = this.#rows.get(from.name);
    const written = this.#writes.get(from.name);
    if (written === undefined) return committed === undefined ? [] : ([...committed] as [string, Row][]);
    const seen = new Map([...(committed ?? []), ...written]);
    return [...seen].filter(([, row]) => row !== undefined) as [string, Row][];
  }

  /** Writes a row that this transaction has locked; undefined deletes it. */
  write<Row>(into: Table<Row>, key: string, row: Row | undefined): void {
    this.#assertOpen();
    if (this.#lockOn(into, key)?.holder !== this)
      throw new UsageError(`${into.name} ${key} is written without its lock`);
    const written = this.#writes.get(into.name) ?? new Map<string, unknown>();
    this.#writes.set(into.name, written.set(key, row));
  }

  /** Waits until the row is this transaction's alone. What was read before the wait may have changed. */
  async lock(of: Table<unknown>, key: string): Promise<void> {
    this.#assertOpen();
    if (this.tryLock(of, key)) return;
    const lock = this.#lockOn(of, key);
    if (lock?.holder === undefined || this.#isAwaitedBy(lock.holder)) throw this.#fail(new DeadlockError());
    this.#waitsFor.add(lock);
    await new Promise<void>((grant) => {
      lock.queue = [...lock.queue, { taker: this, grant }];
    });
    this.#waitsFor.delete(lock);
  }

  /** Takes the lock when nobody else has it. */
  tryLock({ name: table }: Table<unknown>, key: string): boolean {
    this.#assertOpen();
    let locks = this.#locks.get(table);
    if (locks === undefined) {
      locks = new Map();
      this.#locks.set(table, locks);
    }
    const present = locks.get(key);
    if (present !== undefined) return present.holder === this;
    const lock: Lock = { table, key, holder: this, queue: [] };
    locks.set(key, lock);
    this.#held.push(lock);
    return true;
  }

  /** Makes the writes visible to all, in one step. */
  commit(): void {
    this.#assertOpen();
    for (const [name, written] of this.#writes) {
      const rows = this.#rows.get(name) ?? new Map<string, unknown>();
      this.#rows.set(name, rows);
      for (const [key, row] of written) {
        if (row === undefined) rows.delete(key);
        else rows.set(key, row);
      }
    }
    this.#end();
  }

  rollback(): void {
    this.#end();
  }

  #lockOn({ name }: Table<unknown>, key: string): Lock | undefined {
    return this.#locks.get(name)?.get(key);
  }

  #end(): void {
    this.#over = true;
    for (const lock of this.#held) this.#passOn(lock);
    this.#held.length = 0;
  }

  #passOn(lock: Lock): void {
    // A step may outlive its transaction, as in Promise.all after a failure: it wakes up only to find that out.
    const next = lock.queue.find(({ taker }) => !taker.#over)?.taker;
    const woken = lock.queue.filter(({ taker }) => taker === next || taker.#over);
    lock.holder = next;
    if (next === undefined) {
      this.#locks.get(lock.table)?.delete(lock.key);
    } else {
      lock.queue = lock.queue.filter((entry) => !woken.includes(entry));
      next.#held.push(lock);
    }
    for (const { grant } of woken) grant();
  }

  /** Follows who waits for whom: true when the chain from `other` ends here. */
  #isAwaitedBy(other: CellTransaction): boolean {
    if (other === this) return true;
    return [...other.#waitsFor].some(
      ({ holder }) => holder !== undefined && holder !== other && this.#isAwaitedBy(holder),
    );
  }

  /** As in PostgreSQL, nothing can follow an error, and a work that swallows it must not commit. */
  #fail(failure: Error): Error {
    this.#failure = failure;
    return failure;
  }

  #assertOpen(): void {
    if (this.#failure !== undefined) throw this.#failure;
    // Made only here: an error costs more than the transaction.
    if (this.#over) throw new UsageError('the transaction is over');
  }
}
