import { type Background, background } from '../../background.js';
import type { Cancel, Clock } from '../../clock.js';
import type { WireMessage } from '../../envelope.js';
import { UnavailableError } from '../../errors.js';
import type { Delivery, Subscription } from '../broker.js';
import { deadLetterHeaders } from '../dead-letter.js';
import type { QueueScope, QueueSettings } from './catalogue.js';
import { isReply, type RedisConnection } from './connection.js';
import { headersText, messageOf, type RedisEntry } from './entry.js';
import { Inbox } from './inbox.js';
import type { RedisKeys } from './keys.js';
import { beat, leave, recover, settle, take } from './scripts/consume.js';

export interface ConsumerOptions {
  readonly connection: RedisConnection;
  readonly clock: Clock;
  readonly keys: RedisKeys;
  readonly leaseMs: number;
  readonly queue: string;
  readonly settings: QueueSettings;
  readonly scope: QueueScope;
  /** Name in the consumer group, used by nobody before or after. */
  readonly id: string;
  readonly prefetch: number;
  readonly receive: (delivery: Delivery) => Promise<void>;
  /** Declares again what Redis has lost. */
  readonly restore: () => Promise<void>;
  /** Called once, when the consumer is gone. */
  readonly left: () => void;
}

/** A message in the hands of this consumer. */
interface Held {
  readonly partition: number;
  readonly id: string;
  readonly attempt: number;
  readonly message: WireMessage;
}

/** What becomes of a message, as the script takes it. */
type Outcome =
  | readonly ['ack']
  | readonly ['again', attempts: number, delayMs: number]
  | readonly ['dead', headers: string];

/** In front of the others. */
const atOnce = -1;
/** A message whose handler failed comes back no sooner: one that fails at once would keep Redis busy with nothing else. */
const redeliveryMs = 10;
/** After a failed call: as long until the next one. */
const troubleMs = 250;
/** Most that one call brings, however much there is room for: Redis does nothing else meanwhile. */
const takenMax = 500;

/**
 * One subscription. Takes what fits into `prefetch`, sleeps when there is nothing and is woken by who brings something.
 *
 * Who holds a message is kept in Redis. While the process lives its lease is renewed, however long a handler takes; when it dies the lease runs out and
 * others give the messages back. A process that only stood still finds its settlements ignored: its hand-overs bear an attempt that is over.
 */
export class RedisConsumer implements Subscription {
  readonly #to: ConsumerOptions;
  readonly #inbox: Inbox;
  readonly #held = new Map<string, Held>();
  /** Settled or failed, but Redis could not be told: given back once it can. */
  readonly #untold = new Set<Held>();
  readonly #running = new Set<Promise<void>>();
  readonly #taking: Background;
  readonly #endBack: () => void;
  #endListening: () => Promise<void> = async () => {};
  #beating: Cancel = () => {};
  #due: Cancel = () => {};
  #turn = 0;
  #paused = false;
  #stopped: Promise<void> | undefined;
  #gone: 'no' | 'stopping' | 'yes' = 'no';
  /** An answer may have been lost: Redis may believe that this consumer holds what it never got. */
  #inDoubt = false;

  constructor(to: ConsumerOptions) {
    this.#to = to;
    this.#inbox = new Inbox({
      ...to,
      hasRoom: () => this.#takes && this.#room > 0,
      run: (call) => this.#track(call),
      changed: () => this.#taking.wake(),
    });
    this.#taking = background(
      () => this.#take(),
      (error) => this.#trouble(error),
    );
    this.#endBack = to.connection.onBack(() => this.#cameBack());
  }

  /** Rejects with `UnavailableError`. */
  async start(): Promise<void> {
    // Listening comes first: what is published between a look at the stream and that would wake nobody.
    const { connection, keys, queue } = this.#to;
    this.#endListening = await connection.listen(keys.asleep(queue), () => this.#taking.wake());
    await this.#beat();
    await this.#inbox.open();
    this.#keepBeating();
    this.#taking.wake();
  }

  pause(): void {
    this.#paused = true;
    this.#inbox.join(false);
  }

  resume(): void {
    this.#paused = false;
    if (this.#gone === 'no') this.#inbox.join(true);
    this.#taking.wake();
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    if (this.#gone === 'yes') return;
    this.#gone = 'stopping';
    this.#inbox.join(false);
    await this.#taking.stop();
    while (this.#running.size > 0) await Promise.all(this.#running);
    await this.drop();
  }

  /** Gives everything back at once; what handlers still settle is ignored. Never rejects: a Redis that is away does it when the lease has run out. */
  async drop(): Promise<void> {
    if (this.#gone === 'yes') return;
    const { keys, id } = this.#to;
    this.abandon();
    await this.#taking.stop();
    await this.#inbox.close();
    await this.#script(leave, keys.alive(id)).catch(() => {});
    this.#to.left();
    await this.#endListening();
  }

  /** Does nothing any more, not even say so. */
  abandon(): void {
    this.#gone = 'yes';
    this.#held.clear();
    this.#untold.clear();
    this.#beating();
    this.#due();
    this.#endBack();
  }

  get #takes(): boolean {
    return this.#gone === 'no' && !this.#paused;
  }

  get #room(): number {
    return this.#to.prefetch - this.#held.size - this.#inbox.handedOver;
  }

  async #take(): Promise<void> {
    if (this.#inDoubt || this.#untold.size > 0) await this.#settleDoubts();
    this.#inbox.offer();
    const room = Math.min(this.#room, takenMax);
    if (!this.#takes || room <= 0) return;
    this.#due();
    const { keys, id, leaseMs, settings } = this.#to;
    const args = [keys.alive(id), leaseMs, room, this.#turn++ % settings.partitions, settings.messageTtlMs ?? 0];
    const [nextDueMs, taken] = (await this.#script(take, ...args)) as [number, readonly Taken[]];
    const handovers = taken.map(heldOf);
    for (const held of handovers) this.#held.set(place(held), held);
    for (const held of handovers) {
      if (this.#takes) this.#track(this.#receive(held));
      // Paused or stopped meanwhile: nobody has seen it, so it does not count.
      else await this.#settle(held, ['again', held.attempt - 1, atOnce]).catch(() => {});
    }
    if (handovers.length === room) this.#taking.wake();
    if (nextDueMs >= 0) this.#due = this.#to.clock.timer(nextDueMs, () => this.#taking.wake());
  }

  /** Ends without rejecting: a rejection of the receiver means that it died with the message in its hands. */
  async #receive(held: Held): Promise<void> {
    let settled = false;
    const once = async (outcome: Outcome) => {
      if (settled) return;
      settled = true;
      await this.#settle(held, outcome);
    };
    const { message, attempt } = held;
    const delivery: Delivery = {
      message,
      queue: this.#to.queue,
      attempt,
      ack: () => once(['ack']),
      retry: (delayMs) => once(['again', attempt, Math.max(0, Math.ceil(delayMs))]),
      deadLetter: (headers) => once(['dead', headersText({ ...this.#buried(held), ...headers })]),
    };
    try {
      await this.#to.receive(delivery);
    } catch {
      await once(['again', attempt, redeliveryMs]).catch(() => {});
    }
  }

  #buried({ message, attempt }: Held): Readonly<Record<string, string>> {
    const facts = { [deadLetterHeaders.queue]: this.#to.queue, [deadLetterHeaders.attempts]: String(attempt) };
    return { ...message.headers, ...facts };
  }

  async #settle(held: Held, outcome: Outcome): Promise<void> {
    // Given back already, by `drop` or because the line was cut.
    if (this.#held.get(place(held)) !== held) return;
    try {
      await this.#script(settle, held.partition, held.id, held.attempt, ...outcome);
      this.#held.delete(place(held));
      this.#taking.wake();
    } catch (error) {
      if (this.#held.get(place(held)) === held) this.#untold.add(held);
      throw error;
    }
  }

  /** After trouble: gives back what Redis was not told about, and what it handed to a line that was cut. */
  async #settleDoubts(): Promise<void> {
    for (const held of [...this.#untold]) {
      await this.#script(settle, held.partition, held.id, held.attempt, 'again', held.attempt, redeliveryMs);
      this.#untold.delete(held);
      this.#held.delete(place(held));
    }
    if (!this.#inDoubt) return;
    await this.#script(recover, ...[...this.#held.values()].flatMap(({ partition, id }) => [partition, id]));
    this.#inDoubt = false;
  }

  async #beat(): Promise<void> {
    await this.#script(beat, this.#to.keys.alive(''), this.#to.leaseMs);
  }

  /** Three times per lease: one renewal may be lost, and what slept through its call is looked for. */
  #keepBeating(): void {
    this.#beating = this.#to.clock.timer(this.#to.leaseMs / 3, async () => {
      void this.#to.connection.ping();
      await this.#beat().catch((error) => this.#trouble(error));
      if (this.#gone === 'yes') return;
      // A server that hung may do a call of ours long after it was given up: looking again now and then costs little.
      this.#inDoubt = true;
      this.#keepBeating();
      this.#taking.wake();
    });
  }

  #cameBack(): void {
    this.#inDoubt = true;
    if (this.#takes) this.#inbox.join(true);
    this.#taking.wake();
  }

  #trouble(error: unknown): void {
    if (this.#gone === 'yes') return;
    if (error instanceof UnavailableError) this.#inDoubt = true;
    this.#due();
    this.#due = this.#to.clock.timer(troubleMs, async () => {
      if (isReply(error, 'NOGROUP') || isReply(error, 'no such key')) await this.#to.restore().catch(() => {});
      this.#taking.wake();
    });
  }

  #track(call: Promise<void>): void {
    this.#running.add(call);
    void call.finally(() => this.#running.delete(call));
  }

  #script(script: typeof take, ...args: readonly (string | number)[]): Promise<unknown> {
    const { connection, scope, id } = this.#to;
    return connection.run(script, scope.keys, [...scope.args, id, ...args]);
  }
}

type Taken = readonly [partition: number, id: Buffer, attempt: number, fields: RedisEntry[1]];

function heldOf([partition, id, attempt, fields]: Taken): Held {
  return { partition, id: String(id), attempt, message: messageOf(fields) };
}

function place({ partition, id }: Held): string {
  return `${partition}/${id}`;
}
