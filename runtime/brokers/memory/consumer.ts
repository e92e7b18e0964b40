import type { Delivery, Subscription } from '../broker.js';

/** What a consumer needs of the queue it takes from. */
interface Source {
  leave(consumer: MemoryConsumer): void;
  wake(): void;
}

/** A message in the hands of a consumer. */
interface Held {
  /** Puts it back where it stood, as if the consumer had died. */
  giveBack(): void;
}

/** One subscription: how many messages it holds, and whether it takes more. */
export class MemoryConsumer implements Subscription {
  /** Handed over and not yet settled. */
  readonly open = new Set<Held>();
  readonly receive: (delivery: Delivery) => Promise<void>;
  /** Calls of `receive` that have not ended. */
  readonly #running = new Set<Promise<void>>();
  readonly #prefetch: number;
  readonly #source: Source;
  #paused = false;
  #connected = true;
  #left = false;

  constructor(source: Source, prefetch: number, receive: (delivery: Delivery) => Promise<void>) {
    this.#source = source;
    this.#prefetch = prefetch;
    this.receive = receive;
  }

  /** Whether the next message may come here. */
  get hasRoom(): boolean {
    return this.#connected && !this.#paused && !this.#left && this.open.size < this.#prefetch;
  }

  /** Remembers a call of `receive` until it has ended. */
  track(call: Promise<void>): void {
    this.#running.add(call);
    void call.finally(() => this.#running.delete(call));
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#source.wake();
  }

  async stop(): Promise<void> {
    this.#left = true;
    this.#source.leave(this);
    await Promise.all(this.#running);
    this.#giveBackOpen();
  }

  /** The connection is gone: everything unsettled goes back at once, and what the old calls of `receive` still settle is ignored. */
  disconnect(): void {
    this.#connected = false;
    this.#giveBackOpen();
  }

  reconnect(): void {
    this.#connected = true;
    this.#source.wake();
  }

  /** The consumer is gone for good, without waiting for anything. */
  drop(): void {
    this.#left = true;
    this.#source.leave(this);
    this.#giveBackOpen();
  }

  #giveBackOpen(): void {
    for (const held of [...this.open]) held.giveBack();
  }
}
