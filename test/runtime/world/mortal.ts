import type { Broker } from '../../../runtime/brokers/broker.js';
import type { MemoryBroker, MemoryConnection } from '../../../runtime/brokers/memory.js';
import type { Store } from '../../../runtime/stores/store.js';
import { aroundTransactions } from './around-store.js';

/** Where a process dies, as seen from its store and its broker. */
export type CrashPoint = 'before the transaction' | 'inside the transaction' | 'after the commit' | 'after the publish';

/** A process that dies once, at a chosen point: its connections are gone, what it had not committed is rolled back, and it never does anything again. */
export class MortalProcess {
  readonly #point: CrashPoint;
  #connection: MemoryConnection | undefined;
  /** Rejects at death, and never resolves. */
  readonly #death = neverUntilRejected();
  #armed = false;
  #dead = false;

  constructor(point: CrashPoint) {
    this.#point = point;
  }

  get isDead(): boolean {
    return this.#dead;
  }

  /** From now on the next time the point is reached is the last. */
  arm(): void {
    this.#armed = true;
  }

  /** The process's own connection to the broker. */
  broker(broker: Broker): Broker {
    const connection = (broker as MemoryBroker).connect();
    this.#connection = connection;
    return new Proxy(connection, {
      get: (target, name) => {
        if (name === 'publish') {
          return async (...args: Parameters<Broker['publish']>) => {
            await target.publish(...args);
            await this.#reach('after the publish');
          };
        }
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }

  store(store: Store): Store {
    return aroundTransactions(store, async (work) => {
      await this.#reach('before the transaction');
      const result = await store
        .transaction(async (tx) => {
          const done = await Promise.race([work(tx), this.#death.promise]);
          this.#dies('inside the transaction');
          // The database notices that its client is gone, and rolls back.
          if (this.#dead) await this.#death.promise;
          return done;
        })
        .catch((error: unknown) => (error instanceof Death ? never<never>() : Promise.reject(error)));
      await this.#reach('after the commit');
      return result;
    });
  }

  async #reach(point: CrashPoint): Promise<void> {
    if (this.#dies(point) || this.#dead) await never();
  }

  #dies(point: CrashPoint): boolean {
    if (!this.#armed || this.#dead || point !== this.#point) return false;
    this.#dead = true;
    this.#death.reject(new Death());
    // The operating system closes its sockets; the broker hands its messages to somebody else.
    void this.#connection?.close();
    return true;
  }
}

/** A dead process answers nobody. */
function never<T>(): Promise<T> {
  return new Promise(() => {});
}

class Death extends Error {}

function neverUntilRejected(): { readonly promise: Promise<never>; readonly reject: (reason: Error) => void } {
  let reject = (_: Error): void => {};
  const promise = new Promise<never>((_, give) => {
    reject = give;
  });
  // Most processes live: nobody may be waiting when one does not.
  promise.catch(() => {});
  return { promise, reject };
}
