import {
  type Broker,
  brokerFor,
  type Delivery,
  memoryBroker,
  type Queue,
  type Store,
  storeFor,
  type WireMessage,
} from 'seamwright/runtime';

/**
 * Where the story plays: in this process, or on the servers that `SEAMWRIGHT_BROKER_URL` and `SEAMWRIGHT_DATABASE_URL` name. On a database every service has
 * a schema `seamwright_demo_<service>` that begins empty; queues have the names of the contracts, so the broker should be nobody else's.
 */
export class Stage {
  readonly #brokerUrl = process.env.SEAMWRIGHT_BROKER_URL || undefined;
  readonly #databaseUrl = process.env.SEAMWRIGHT_DATABASE_URL || undefined;
  readonly #memory = memoryBroker();
  readonly #opened: { close(): Promise<void> }[] = [];

  /** For the last line. */
  get place(): string {
    const broker = this.#brokerUrl === undefined ? 'memory broker' : `broker ${schemeOf(this.#brokerUrl)}`;
    const store = this.#databaseUrl === undefined ? 'PGlite' : `database ${schemeOf(this.#databaseUrl)}`;
    const own = this.#brokerUrl === undefined && this.#databaseUrl === undefined;
    return own ? `in one process: ${broker} and ${store}, no server` : `on ${broker} and ${store}`;
  }

  /** A further client of the broker. */
  async broker(): Promise<Broker> {
    const broker = this.#brokerUrl === undefined ? this.#memory.connect() : await brokerFor(this.#brokerUrl);
    this.#opened.push(broker);
    return broker;
  }

  /** The database of a service, empty. */
  async store(service: string): Promise<Store> {
    const schema = `seamwright_demo_${service.replaceAll('-', '_')}`;
    const store =
      this.#databaseUrl === undefined
        ? storeFor('pglite:', schema)
        : storeFor(withSchema(this.#databaseUrl, schema), service);
    this.#opened.push(store);
    if (this.#databaseUrl !== undefined)
      await store.transaction((tx) => tx.query(`drop schema if exists "${schema}" cascade`));
    return store;
  }

  /** Closes everything that was opened. */
  async close(): Promise<void> {
    for (const one of this.#opened.splice(0).reverse()) await one.close();
  }
}

/** What befalls messages on their way. */
export interface Misfortune {
  /** So much later each further copy of a published message is sent, in ms; none: messages are sent once. */
  readonly copiesAfterMs?: readonly number[];
  /** Whether the consumer dies when it is about to acknowledge, its work done and committed. */
  dies?(queue: string, message: WireMessage): boolean;
}

/** A client to whom that happens; everything else is the broker's own doing. */
export function unlucky(broker: Broker, { copiesAfterMs = [], dies = () => false }: Misfortune): Broker {
  return new Proxy(broker, {
    get(target, name) {
      if (name === 'publish') {
        return async (...sent: Parameters<Broker['publish']>) => {
          await target.publish(...sent);
          for (const delayMs of copiesAfterMs) setTimeout(() => void target.publish(...sent).catch(() => {}), delayMs);
        };
      }
      if (name === 'subscribe') {
        return (
          queue: string,
          options: { readonly prefetch: number },
          receive: (delivery: Delivery) => Promise<void>,
        ) => target.subscribe(queue, options, (delivery) => receive(mortal(delivery, dies)));
      }
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

function mortal(delivery: Delivery, dies: NonNullable<Misfortune['dies']>): Delivery {
  return {
    message: delivery.message,
    queue: delivery.queue,
    attempt: delivery.attempt,
    retry: (delayMs) => delivery.retry(delayMs),
    deadLetter: (headers) => delivery.deadLetter(headers),
    ack() {
      if (dies(delivery.queue, delivery.message))
        return Promise.reject(new Error('the consumer died before it could acknowledge'));
      return delivery.ack();
    },
  };
}

/** Resolves when nothing waits in the queue and `inWork` answers 0, twice in a row: servers count a moment behind. */
export async function quiet(broker: Broker, queue: Queue, inWork: () => number): Promise<void> {
  for (let empty = 0; empty < 2; ) {
    const depth = await broker.admin.depth(queue);
    const waiting = depth === null ? 0 : depth.ready + depth.delayed;
    empty = waiting + inWork() === 0 ? empty + 1 : 0;
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}

/** Takes out what an earlier run or another act has left in a queue. */
export async function drained(broker: Broker, queue: Queue): Promise<void> {
  let open = 0;
  const subscription = await broker.subscribe(queue.name, { prefetch: 100 }, async (delivery) => {
    open += 1;
    await delivery.ack();
    open -= 1;
  });
  await quiet(broker, queue, () => open);
  await subscription.stop();
}

function withSchema(url: string, schema: string): string {
  return `${url}${url.includes('?') ? '&' : '?'}schema=${schema}`;
}

function schemeOf(url: string): string {
  return url.slice(0, url.indexOf(':'));
}
