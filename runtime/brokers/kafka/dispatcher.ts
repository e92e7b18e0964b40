import type { Cancel, Clock } from '../../clock.js';
import { UnavailableError } from '../../errors.js';
import type { Delivery } from '../broker.js';
import { deadLetterHeaders, deliveryLimit } from '../dead-letter.js';
import { HandOutOrder } from './hand-out-order.js';
import { placeName } from './log-reader.js';
import type { Commit, Entry, PartitionProgress } from './partition-progress.js';

/** What the queue of a dispatcher is like, and how it reaches the cluster. */
export interface DispatcherOptions {
  readonly queue: string;
  readonly prefetch: number;
  readonly maxDeliveries: number;
  readonly messageTtlMs: number | undefined;
  readonly clock: Clock;
  readonly receive: (delivery: Delivery) => Promise<void>;
  /** Of two messages written in the same millisecond, that of the lower rank goes first. */
  readonly rank: (topic: string) => number;
  /** For topics whose messages wait for a time of their own: how long at most in this topic. */
  readonly stepMs: (topic: string) => number | undefined;
  /** Rejects when the consumer is no member of the group at the moment. */
  readonly commit: (commits: readonly Commit[]) => Promise<void>;
  /** Called when `commit` has rejected; nothing is handed out until `resume`. */
  readonly cutOff: (error: unknown) => void;
  /** Writes the message to where it waits. Absent: it waits in this process. */
  readonly retry?: (entry: Entry, attempts: number, dueMs: number) => Promise<void>;
  readonly bury: (entry: Entry, headers: Readonly<Record<string, string>>) => Promise<void>;
  /** Called before the settlement of a message counts. */
  readonly settling?: (entry: Entry) => Promise<void>;
  /** Called when room for more messages has come about. */
  readonly moved: () => void;
}

interface Acknowledging {
  readonly progress: PartitionProgress;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** A message whose consumer failed comes back no sooner: one that fails at once would spin. */
const redeliveryMs = 10;

/**
 * Hands out the messages of the partitions that a consumer has, and keeps count of them.
 *
 * Promises: at most `prefetch` unsettled at a time; one at a time of each key, in order; each hand-over is committed to the group before it takes place, so
 * that it counts even when this process dies of it; a settlement resolves once the group knows of it. What lay in several topics when the partitions were
 * assigned comes in the order of writing, as far as the clocks of the writers agree.
 */
export class KafkaDispatcher {
  readonly #options: DispatcherOptions;
  readonly #partitions = new Map<string, PartitionProgress>();
  readonly #order: HandOutOrder;
  readonly #keys = new Set<string>();
  readonly #running = new Set<Promise<void>>();
  #acknowledging: Acknowledging[] = [];
  #drained: (() => void)[] = [];
  #held = 0;
  #state: 'cut off' | 'up' | 'draining' = 'cut off';
  #paused = false;
  #left = false;
  #pumping = false;
  #again = false;
  #timer: { readonly atMs: number; readonly cancel: Cancel } | undefined;

  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.#order = new HandOutOrder(options.rank, options.stepMs, (atMs) => this.#wakeAt(atMs));
  }

  get partitions(): Iterable<PartitionProgress> {
    return this.#partitions.values();
  }

  find(name: string): PartitionProgress | undefined {
    return this.#partitions.get(name);
  }

  /** Another generation of the group: `mine` are the partitions now, those of before included as they were. */
  resume(mine: readonly PartitionProgress[]): void {
    const kept = new Set(mine);
    this.#revoke((progress) => !kept.has(progress));
    const fresh = mine.filter((progress) => !this.#partitions.has(placeName(progress)));
    this.#order.assigned(fresh, this.#options.clock.now());
    for (const progress of fresh) this.#partitions.set(placeName(progress), progress);
    this.#state = 'up';
    this.wake();
  }

  /** Nothing is handed out or committed until `resume`. */
  interrupt(): void {
    this.#state = 'cut off';
  }

  /** All partitions are lost: the group has given up on this consumer. */
  forsake(): void {
    this.#state = 'cut off';
    this.#revoke(() => true);
  }

  /** Nothing more is handed out; resolves when nothing is held any more. */
  drain(): Promise<void> {
    if (this.#state === 'up') this.#state = 'draining';
    if (this.#held === 0) return Promise.resolve();
    return new Promise((resolve) => this.#drained.push(resolve));
  }

  pause(): void {
    this.#paused = true;
  }

  unpause(): void {
    this.#paused = false;
    this.wake();
  }

  /** Takes nothing new; resolves when every call of `receive` has ended and what they settled is committed. */
  async leave(): Promise<void> {
    this.#left = true;
    this.#timer?.cancel();
    await Promise.all(this.#running);
    // Lost with their partitions otherwise: whoever has those hands the messages out again.
    if (this.#state !== 'cut off') await this.#committed().catch(() => {});
  }

  /** Takes nothing new and waits for nothing. */
  abandon(): void {
    this.#left = true;
    this.#timer?.cancel();
    this.forsake();
  }

  /** Hands out what can be handed out and commits what is new, soon. */
  wake(): void {
    if (this.#pumping) this.#again = true;
    else void this.#pump();
  }

  #revoke(isLost: (progress: PartitionProgress) => boolean): void {
    for (const [name, progress] of this.#partitions) {
      if (!isLost(progress)) continue;
      progress.revoked = true;
      this.#partitions.delete(name);
      this.#order.lost(progress);
      for (const entry of progress.open) if (entry.held) this.#release(entry);
    }
    const lost = this.#acknowledging.filter(({ progress }) => progress.revoked);
    this.#acknowledging = this.#acknowledging.filter(({ progress }) => !progress.revoked);
    for (const { reject } of lost)
      reject(new UnavailableError(`the partition of a message of queue "${this.#options.queue}"`));
  }

  /** Never rejects. One at a time, so that commits arrive in the order of what they say. */
  async #pump(): Promise<void> {
    this.#pumping = true;
    // Settlements of the same moment share a commit.
    await Promise.resolve();
    do {
      this.#again = false;
      if (this.#state !== 'cut off') await this.#commitAndHandOut();
    } while (this.#again);
    this.#pumping = false;
  }

  async #commitAndHandOut(): Promise<void> {
    const picked = this.#pick();
    const news = [...this.#partitions.values()].flatMap((progress) => {
      const commit = progress.news();
      return commit === undefined ? [] : [{ progress, commit }];
    });
    const acknowledging = this.#acknowledging.splice(0);
    if (news.length > 0) {
      try {
        await this.#options.commit(news.map(({ commit }) => commit));
        for (const { progress, commit } of news) progress.committed(commit);
      } catch (error) {
        for (const entry of picked) this.#takeBack(entry);
        this.#acknowledging.unshift(...acknowledging);
        if (this.#state === 'up') this.#state = 'cut off';
        this.#options.cutOff(error);
        return;
      }
    }
    for (const { resolve } of acknowledging) resolve();
    for (const entry of picked) this.#handOver(entry);
    this.#options.moved();
  }

  #takeBack(entry: Entry): void {
    if (entry.progress.revoked) return;
    entry.progress.takeBack(entry);
    this.#release(entry);
  }

  /** The messages to be handed out now, marked as held; those that nobody may have any more are buried. */
  #pick(): readonly Entry[] {
    if (this.#state !== 'up' || this.#paused || this.#left) return [];
    const now = this.#options.clock.now();
    const limit = this.#options.prefetch;
    const isLocked = (key: string) => this.#keys.has(key);
    const next = this.#order.round(this.#partitions.values(), { now, limit, isLocked });
    const picked: Entry[] = [];
    while (this.#held < limit) {
      const entry = next();
      if (entry === undefined) break;
      if (this.#isLocked(entry) || !entry.progress.canHandOut) continue;
      this.#hold(entry);
      if (this.#isSpent(entry)) this.#bury(entry, { [deadLetterHeaders.reason]: deliveryLimit });
      else if (this.#isTooOld(entry, now)) this.#bury(entry, { [deadLetterHeaders.reason]: 'expired' });
      else if (entry.dueMs > now) this.#defer(entry);
      else {
        entry.progress.handOut(entry);
        picked.push(entry);
      }
    }
    return picked;
  }

  #isSpent(entry: Entry): boolean {
    return attemptsOf(entry) >= this.#options.maxDeliveries;
  }

  #isTooOld(entry: Entry, now: number): boolean {
    const { messageTtlMs } = this.#options;
    return messageTtlMs !== undefined && attemptsOf(entry) === 0 && now - entry.record.timestampMs > messageTtlMs;
  }

  #isLocked({ record: { key } }: Entry): boolean {
    return key !== null && this.#keys.has(key);
  }

  #hold(entry: Entry): void {
    entry.held = true;
    this.#held++;
    if (entry.record.key !== null) this.#keys.add(entry.record.key);
  }

  #release(entry: Entry): void {
    entry.held = false;
    this.#held--;
    if (entry.record.key !== null) this.#keys.delete(entry.record.key);
    if (this.#held > 0) return;
    for (const resolve of this.#drained.splice(0)) resolve();
  }

  #handOver(entry: Entry): void {
    if (entry.progress.revoked) return;
    const call = this.#receive(entry);
    this.#running.add(call);
    void call.finally(() => this.#running.delete(call));
  }

  /** Ends without rejecting: a rejection of the consumer means that it died with the message in its hands. */
  async #receive(entry: Entry): Promise<void> {
    let settled = false;
    const once = (settle: () => Promise<void>) => async () => {
      if (settled) return;
      settled = true;
      if (entry.progress.revoked) return;
      try {
        await settle();
      } catch (error) {
        this.#handOutAgain(entry);
        throw error;
      }
    };
    const message = entry.record.message ?? { headers: {}, body: new Uint8Array() };
    try {
      await this.#options.receive({
        // Fresh bytes per hand-over: a consumer that writes into them must not change what the next one reads.
        message: { headers: Object.freeze({ ...message.headers }), body: message.body.slice() },
        queue: this.#options.queue,
        attempt: attemptsOf(entry),
        ack: once(() => this.#settle(entry)),
        retry: (delayMs) => once(() => this.#retry(entry, delayMs))(),
        deadLetter: (headers) => once(() => this.#letter(entry, headers))(),
      });
    } catch {
      if (!settled) {
        settled = true;
        this.#handOutAgain(entry);
      }
    }
  }

  async #settle(entry: Entry): Promise<void> {
    await this.#options.settling?.(entry);
    if (entry.progress.revoked) return;
    entry.progress.settle(entry);
    this.#release(entry);
    await this.#committed(entry.progress);
  }

  async #retry(entry: Entry, delayMs: number): Promise<void> {
    const { retry } = this.#options;
    if (delayMs <= 0 || this.#isSpent(entry)) return this.#handOutAgain(entry);
    if (retry === undefined) return this.#handOutAgain(entry, delayMs);
    await retry(entry, attemptsOf(entry), this.#options.clock.now() + delayMs);
    await this.#settle(entry);
  }

  async #letter(entry: Entry, headers: Readonly<Record<string, string>>): Promise<void> {
    await this.#options.bury(entry, {
      [deadLetterHeaders.queue]: this.#options.queue,
      [deadLetterHeaders.attempts]: String(attemptsOf(entry)),
      ...headers,
    });
    await this.#settle(entry);
  }

  #handOutAgain(entry: Entry, delayMs = redeliveryMs): void {
    if (entry.progress.revoked || !entry.progress.open.includes(entry)) return;
    entry.dueMs = this.#options.clock.now() + delayMs;
    this.#release(entry);
    this.wake();
  }

  /** Instead of a hand-over; tried again later when it fails. */
  #bury(entry: Entry, headers: Readonly<Record<string, string>>): void {
    this.#instead(entry, this.#letter(entry, headers));
  }

  /** Its time is beyond the last step: it waits there once more. */
  #defer(entry: Entry): void {
    const again = this.#options.retry?.(entry, attemptsOf(entry), entry.dueMs);
    this.#instead(
      entry,
      Promise.resolve(again).then(() => this.#settle(entry)),
    );
  }

  #instead(entry: Entry, work: Promise<void>): void {
    const call = work.catch(() => {
      this.#handOutAgain(entry);
    });
    this.#running.add(call);
    void call.finally(() => this.#running.delete(call));
  }

  /** Resolves with the next commit. */
  #committed(progress?: PartitionProgress): Promise<void> {
    const of = progress ?? [...this.#partitions.values()][0];
    if (of === undefined) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#acknowledging.push({ progress: of, resolve, reject });
      this.wake();
    });
  }

  #wakeAt(atMs: number): void {
    if (this.#timer !== undefined && this.#timer.atMs <= atMs) return;
    this.#timer?.cancel();
    const cancel = this.#options.clock.timer(Math.max(0, atMs - this.#options.clock.now()), () => {
      this.#timer = undefined;
      this.wake();
    });
    this.#timer = { atMs, cancel };
  }
}

function attemptsOf({ record, handOvers }: Entry): number {
  return record.attempts + handOvers;
}
