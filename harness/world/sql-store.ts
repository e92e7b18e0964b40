import { pgliteStore } from '../../runtime/stores/pglite.js';
import type { Store, Transaction } from '../../runtime/stores/store.js';

/** An embedded PostgreSQL that a simulation can stop the time for. */
export interface SqlStores {
  /** The service's store, its tables emptied. */
  open(): Promise<Store>;
  /** Whether a statement is under way: virtual time waits for it, so that real work takes none. */
  busy(): boolean;
}

/** Transactions that wait for each other; stores of one database share it, since it has one connection. */
export interface Line {
  last: Promise<unknown>;
}

/**
 * PGlite inside the deterministic loop: real statements, real constraints, one connection. Transactions come one after the other, in the order in which they
 * were asked for.
 */
export function sqlStores(service: string, line: Line = { last: Promise.resolve() }): SqlStores {
  const store = pgliteStore({ service: `simulated ${service}` });
  let statements = 0;
  let prepared = false;

  async function counted<T>(work: () => Promise<T>): Promise<T> {
    statements += 1;
    try {
      return await work();
    } finally {
      statements -= 1;
    }
  }

  /** Between its statements a transaction waits for virtual time, so only these are counted: not its own waiting, nor that for its turn. */
  async function transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const turn = line.last.catch(() => {});
    let over = (): void => {};
    line.last = new Promise<void>((resolve) => {
      over = resolve;
    });
    await turn;
    try {
      return await counted(() =>
        store.transaction(async (tx) => {
          statements -= 1;
          try {
            return await work(countedTransaction(tx, counted));
          } finally {
            statements += 1;
          }
        }),
      );
    } finally {
      over();
    }
  }

  const simulated: Store = {
    kind: store.kind,
    async prepare(tables) {
      if (!prepared) await counted(() => store.prepare(tables));
      prepared = true;
    },
    transaction,
    alone: {
      putReplica: (...write) => transaction((tx) => tx.putReplica(...write)),
      putReplicas: (...writes) => transaction((tx) => tx.putReplicas(...writes)),
    },
    close: async () => {},
  };

  return {
    busy: () => statements > 0,
    async open() {
      line.last = Promise.resolve();
      await store.transaction(async (tx) => {
        const tables = await tx.query<{ name: string }>(
          'select quote_ident(tablename) as name from pg_tables where schemaname = current_schema()',
        );
        if (tables.length > 0)
          await tx.query(`truncate ${tables.map(({ name }) => name).join(', ')} restart identity cascade`);
      });
      return simulated;
    },
  };
}

function countedTransaction(tx: Transaction, counted: <T>(work: () => Promise<T>) => Promise<T>): Transaction {
  return new Proxy(tx, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => counted(() => Reflect.apply(value, target, args) as Promise<unknown>);
    },
  });
}
