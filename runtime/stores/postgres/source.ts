import type { Source } from './connection.js';
import type { PostgresClient, PostgresPool } from './driver.js';

/** Lends the clients of a pool. `owned` = it is closed with the store. */
export function poolSource(database: string, open: () => Promise<PostgresPool>, owned: boolean): Source {
  // Opened at the first use and again after `close`, so that a service can be started anew on the same store.
  let opened: Promise<PostgresPool> | undefined;
  // A connection that dies while nobody uses it is replaced; unheard, the error would end the process.
  const ignore = (): void => {};

  async function pool(): Promise<PostgresPool> {
    opened ??= open().then((made) => {
      made.on('error', ignore);
      // The pool hands a new client out unheard: what the server says in the same breath as its welcome, such as that it is going down, would end the process.
      made.on('connect', (client) => client.on('error', ignore));
      return made;
    });
    return opened;
  }

  return {
    database,
    async take() {
      const client = await (await pool()).connect();
      return { client, release: (destroy) => client.release(destroy) };
    },
    async close() {
      const closing = opened;
      opened = undefined;
      if (closing === undefined) return;
      const made = await closing;
      if (owned) await made.end();
      else made.off('error', ignore);
    },
  };
}

/** Lends one client to one user after the other. It stays the caller's, who connects and ends it. */
export function clientSource(database: string, client: PostgresClient): Source {
  let free: Promise<unknown> = Promise.resolve();
  return {
    database,
    take() {
      const turn = free.then(() => ({ client, release }));
      let release = (): void => {};
      free = new Promise<void>((done) => {
        release = done;
      });
      return turn;
    },
    async close() {},
  };
}
