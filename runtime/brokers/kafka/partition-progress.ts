import { encodeNote, notedMax, type OffsetNote } from './offset-note.js';
import type { StoredRecord } from './record.js';

/** A message of a partition that is not settled. */
export interface Entry {
  readonly record: StoredRecord;
  readonly progress: PartitionProgress;
  /** Hand-overs from this very record, this consumer's and earlier ones'. */
  handOvers: number;
  held: boolean;
  /** Not handed out before, in ms since the epoch. */
  dueMs: number;
}

/** What a consumer group commits for a partition. */
export interface Commit {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly metadata: string;
}

/**
 * How far one consumer is with one partition: what it has fetched, what of that is settled, and what may be committed.
 *
 * Promises: `commit()` never names an offset above a message that is not settled.
 */
export class PartitionProgress {
  readonly topic: string;
  readonly partition: number;
  /** Offset to fetch next. */
  position: number;
  /** End of the partition as far as is known. */
  end: number;
  /** The partition belongs to somebody else: nothing that is still settled here counts. */
  revoked = false;
  /** Ascending by offset. */
  readonly #open: Entry[] = [];
  /** What the group knows, as text; undefined before the first commit. */
  #known: string | undefined;
  #changed = false;
  /** Above the first open message. */
  readonly #settled = new Set<number>();
  readonly #earlier: OffsetNote;

  constructor(place: { readonly topic: string; readonly partition: number }, offset: number, note: OffsetNote) {
    this.topic = place.topic;
    this.partition = place.partition;
    this.position = offset;
    this.end = offset;
    this.#earlier = note;
  }

  /** Fetched and not settled, ascending by offset. */
  get open(): readonly Entry[] {
    return this.#open;
  }

  /** Of the bodies of open messages. */
  get bytes(): number {
    return this.#open.reduce((sum, { record }) => sum + (record.message?.body.byteLength ?? 0), 0);
  }

  /** Takes what a fetch brought; `wanted` says which records are for us, the others are done with. */
  add(records: readonly StoredRecord[], next: number, wanted: (record: StoredRecord) => boolean): void {
    for (const record of records) {
      if (record.offset < this.position) continue;
      if (this.#earlier.settled.has(record.offset) || !wanted(record)) this.#settled.add(record.offset);
      else {
        const handOvers = this.#earlier.attempts.get(record.offset) ?? 0;
        this.#open.push({ record, progress: this, handOvers, held: false, dueMs: record.dueMs });
      }
    }
    this.#changed = true;
    this.position = Math.max(this.position, next);
    this.#forget();
  }

  /** Room in the note for one more message that was handed out. */
  get canHandOut(): boolean {
    return this.#open.length < notedMax || this.#open.filter(({ handOvers }) => handOvers > 0).length < notedMax;
  }

  handOut(entry: Entry): void {
    entry.held = true;
    entry.handOvers++;
    this.#changed = true;
  }

  /** The hand-over did not take place after all. */
  takeBack(entry: Entry): void {
    entry.held = false;
    entry.handOvers--;
    this.#changed = true;
  }

  settle(entry: Entry): void {
    const index = this.#open.indexOf(entry);
    if (index < 0) return;
    this.#open.splice(index, 1);
    this.#settled.add(entry.record.offset);
    this.#changed = true;
    this.#forget();
  }

  /** What the group does not know yet; undefined when it knows all. */
  news(): Commit | undefined {
    if (!this.#changed) return undefined;
    const commit = this.commit();
    if (textOf(commit) !== this.#known) return commit;
    this.#changed = false;
    return undefined;
  }

  /** The group has taken it. */
  committed(commit: Commit): void {
    this.#known = textOf(commit);
  }

  /** Up to the first message that is not settled. */
  commit(): Commit {
    const offset = this.#open[0]?.record.offset ?? this.position;
    const attempts = new Map(
      this.#open.filter(({ handOvers }) => handOvers > 0).map(({ record, handOvers }) => [record.offset, handOvers]),
    );
    // Hand-overs of an earlier consumer that are not fetched again yet.
    for (const [at, count] of this.#earlier.attempts) if (at >= this.position) attempts.set(at, count);
    const settled = new Set([...this.#settled, ...[...this.#earlier.settled].filter((at) => at >= this.position)]);
    return {
      topic: this.topic,
      partition: this.partition,
      offset,
      metadata: encodeNote(offset, { attempts, settled }),
    };
  }

  /** Settled messages below the first open one need no memory: the committed offset says it. */
  #forget(): void {
    const first = this.#open[0]?.record.offset ?? this.position;
    for (const offset of this.#settled) if (offset < first) this.#settled.delete(offset);
  }
}

function textOf({ offset, metadata }: Commit): string {
  return `${offset} ${metadata}`;
}
