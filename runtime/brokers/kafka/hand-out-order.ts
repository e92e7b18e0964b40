import type { Entry, PartitionProgress } from './partition-progress.js';

/** After that, messages are handed out although an older one may still be on its way from another topic. */
const mergePatienceMs = 3_000;

/**
 * Which message of several partitions comes next: the one that was written first, one at a time of each key. What waits for its time, or behind an earlier
 * message of its key, is passed over.
 */
export class HandOutOrder {
  /** Of two messages written in the same millisecond, that of the lower rank goes first. */
  readonly #rank: (topic: string) => number;
  readonly #stepMs: (topic: string) => number | undefined;
  /** Called with the instant at which something passed over may come. */
  readonly #wakeAt: (atMs: number) => void;
  /** Partitions with a backlog at their assignment, and its end. */
  readonly #backlogs = new Map<PartitionProgress, number>();
  #mergeUntil = 0;

  constructor(
    rank: (topic: string) => number,
    stepMs: (topic: string) => number | undefined,
    wakeAt: (atMs: number) => void,
  ) {
    this.#rank = rank;
    this.#stepMs = stepMs;
    this.#wakeAt = wakeAt;
  }

  /** Partitions that came to the consumer just now; what lies in them is put into one order as far as it can be. */
  assigned(fresh: readonly PartitionProgress[], now: number): void {
    this.#mergeUntil = now + mergePatienceMs;
    for (const progress of fresh) {
      const waits = this.#stepMs(progress.topic) !== undefined;
      if (!waits && progress.end > progress.position) this.#backlogs.set(progress, progress.end);
    }
  }

  lost(progress: PartitionProgress): void {
    this.#backlogs.delete(progress);
  }

  /** One round: each call answers the next message, until there is none. `limit` is the most that will be asked for. */
  round(
    partitions: Iterable<PartitionProgress>,
    at: { readonly now: number; readonly limit: number; readonly isLocked: (key: string) => boolean },
  ): () => Entry | undefined {
    const lists = [...partitions].map((progress) => this.#ready(progress, at));
    return () => {
      if (this.#mustWaitForOlder(at.now)) return undefined;
      const [first] = lists.filter((list) => list.length > 0).sort((a, b) => this.#compare(a[0], b[0]));
      return first?.shift();
    };
  }

  #ready(
    progress: PartitionProgress,
    {
      now,
      limit,
      isLocked,
    }: { readonly now: number; readonly limit: number; readonly isLocked: (key: string) => boolean },
  ): Entry[] {
    const stepMs = this.#stepMs(progress.topic);
    const passed = new Set<string>();
    const ready: Entry[] = [];
    for (const entry of progress.open) {
      if (ready.length >= limit) break;
      const { key, timestampMs } = entry.record;
      const atMs = stepMs === undefined ? entry.dueMs : Math.min(entry.dueMs, timestampMs + stepMs);
      const waits = entry.held || atMs > now;
      if (!entry.held && atMs > now) this.#wakeAt(atMs);
      if (!waits && !(key !== null && (passed.has(key) || isLocked(key)))) ready.push(entry);
      // Later ones of the key wait for it, but not for one that waits for its next try: order across retries is nobody's promise.
      if (key !== null && !(waits && stepMs !== undefined)) passed.add(key);
    }
    return ready;
  }

  #compare(a: Entry | undefined, b: Entry | undefined): number {
    if (a === undefined || b === undefined) return 0;
    return a.record.timestampMs - b.record.timestampMs || this.#rank(a.progress.topic) - this.#rank(b.progress.topic);
  }

  /** A backlog that has not been read yet may hold the oldest message of all. */
  #mustWaitForOlder(now: number): boolean {
    for (const [progress, end] of this.#backlogs) if (progress.position >= end) this.#backlogs.delete(progress);
    if (now >= this.#mergeUntil) return false;
    if (![...this.#backlogs.keys()].some((progress) => progress.open.every(({ held }) => held))) return false;
    this.#wakeAt(this.#mergeUntil);
    return true;
  }
}
