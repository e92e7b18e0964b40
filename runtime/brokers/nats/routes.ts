import { topicMatcher } from '../topic-match.js';
import type { Bucket } from './bucket.js';
import { keys } from './names.js';
import type { BindingEntry, QueueEntry } from './streams.js';

export type Target = Pick<QueueEntry, 'name' | 'partitions'>;

/** The bindings of one exchange at one revision of the bucket. */
export interface Table {
  readonly revision: number;
  /** Queues that take a key, each once. */
  route(key: string): readonly Target[];
}

/**
 * Which queues an exchange leads to. A client that publishes knows a table from before; a queue that was declared by somebody else a moment ago must get the
 * message all the same. So each publish asks for the revision of the bindings, at the same time as it sends to the queues it knows of.
 */
export class Routes {
  readonly #bucket: Bucket;
  readonly #exchanges = new Map<string, ExchangeRoutes>();
  readonly #queues = new Map<string, Promise<Target | undefined>>();

  constructor(bucket: Bucket) {
    this.#bucket = bucket;
  }

  exchange(name: string): ExchangeRoutes {
    const known = this.#exchanges.get(name);
    if (known !== undefined) return known;
    const made = new ExchangeRoutes(this.#bucket, name);
    this.#exchanges.set(name, made);
    return made;
  }

  /** Undefined when nobody declared the queue. Only what exists is remembered. */
  queue(name: string): Promise<Target | undefined> {
    const known = this.#queues.get(name);
    if (known !== undefined) return known;
    const asked = this.#bucket.get<QueueEntry>(keys.queue(name)).then((entry) => entry?.value);
    this.#queues.set(name, asked);
    asked.then(
      (found) => {
        if (found === undefined) this.#queues.delete(name);
      },
      () => this.#queues.delete(name),
    );
    return asked;
  }

  /** Everything is asked for anew. */
  clear(): void {
    this.#exchanges.clear();
    this.#queues.clear();
  }

  forget(queue: string): void {
    this.#queues.delete(queue);
  }
}

export class ExchangeRoutes {
  readonly #bucket: Bucket;
  readonly #filter: string;
  #known: Table | undefined;
  #running: Promise<Table> | undefined;
  #next: Promise<Table> | undefined;

  constructor(bucket: Bucket, exchange: string) {
    this.#bucket = bucket;
    this.#filter = keys.bindings(exchange);
  }

  /** From an earlier publish; may be out of date. */
  get known(): Table | undefined {
    return this.#known;
  }

  /** At least as new as this call. Calls during a question share the one that follows it, so that a busy publisher asks once per round trip. */
  verified(): Promise<Table> {
    if (this.#running === undefined) return this.#ask();
    this.#next ??= this.#running.then(
      () => this.#ask(),
      () => this.#ask(),
    );
    return this.#next;
  }

  #ask(): Promise<Table> {
    this.#next = undefined;
    const asked = this.#read().finally(() => {
      if (this.#running === asked) this.#running = undefined;
    });
    this.#running = asked;
    return asked;
  }

  async #read(): Promise<Table> {
    if (this.#known !== undefined && (await this.#bucket.revision(this.#filter)) === this.#known.revision)
      return this.#known;
    const { revision, values } = await this.#bucket.list<BindingEntry>(this.#filter);
    this.#known = { revision, route: router(values) };
    return this.#known;
  }
}

/** Later calls with the same key are one look-up: services use few keys. */
function router(bindings: readonly BindingEntry[]): (key: string) => readonly Target[] {
  const takers = bindings.map(({ kind, keys: bound, queue, partitions }) => ({
    target: { name: queue, partitions },
    takes: matcher(kind, bound),
  }));
  const memory = new Map<string, readonly Target[]>();
  return (key) => {
    const known = memory.get(key);
    if (known !== undefined) return known;
    const targets = takers.filter(({ takes }) => takes(key)).map(({ target }) => target);
    // A key per entity would fill the memory; then each is worked out anew.
    if (memory.size < 10_000) memory.set(key, targets);
    return targets;
  };
}

function matcher(kind: BindingEntry['kind'], bound: readonly string[]): (key: string) => boolean {
  if (kind === 'fanout') return () => true;
  const takes = kind === 'topic' ? bound.map(topicMatcher) : bound.map((wanted) => (key: string) => key === wanted);
  return (key) => takes.some((take) => take(key));
}
