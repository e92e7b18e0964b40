import { describe, expect, it } from 'vitest';
import { createLanes, type Lent } from '../../runtime/stores/postgres/lanes.js';

/** A pool of `size` clients that counts how often one was lent; `later` runs once the next one is free. */
function poolOf(size: number) {
  const free = Array.from({ length: size }, (_, index) => index);
  const wanted: (() => void)[] = [];
  const pool = { lent: 0, broken: new Set<number>(), lend, ask };

  async function lend(use: (lent: Lent<number>) => Promise<void>): Promise<void> {
    if (free.length === 0) await new Promise<void>((resolve) => void wanted.push(resolve));
    const client = free.shift();
    if (client === undefined) throw new Error('nobody gave a client back');
    pool.lent += 1;
    await use({ client, broken: () => pool.broken.has(client) });
    free.push(client);
    wanted.shift()?.();
  }

  /** Somebody else who wants a client for something else. */
  function ask(): Promise<number> {
    let had = -1;
    return lend(async ({ client }) => {
      had = client;
    }).then(() => had);
  }

  return pool;
}

const many = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at));
const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn++) await null;
};

describe('lanes', () => {
  it('use every client, none for two works at once, and go back to the pool seldom', async () => {
    const pool = poolOf(4);
    const run = createLanes(pool.lend);
    const inWork = new Set<number>();
    let most = 0;
    const answers = await Promise.all(
      many(400, (index) =>
        run(async (client) => {
          expect(inWork.has(client)).toBe(false);
          inWork.add(client);
          most = Math.max(most, inWork.size);
          await turns(5);
          inWork.delete(client);
          return index;
        }),
      ),
    );
    expect(answers).toEqual(many(400, (index) => index));
    expect(most).toBe(4);
    expect(pool.lent).toBeLessThan(40);
  });

  it('let others have a client while there is no end of works', async () => {
    const pool = poolOf(1);
    const run = createLanes(pool.lend);
    let over = 0;
    const works = many(200, () => run(() => turns(3).then(() => void over++)));
    await pool.ask();
    expect(over).toBeGreaterThan(0);
    expect(over).toBeLessThan(200);
    await Promise.all(works);
  });

  it('tell each caller what became of its own work', async () => {
    const run = createLanes(poolOf(1).lend);
    const results = await Promise.allSettled(
      many(5, (index) => run(async () => (index % 2 === 0 ? index : Promise.reject(new Error(`${index}`))))),
    );
    expect(results.map((one) => (one.status === 'fulfilled' ? one.value : one.reason.message))).toEqual([
      ...[0, '1', 2, '3', 4],
    ]);
  });

  it('leave a client whose connection is gone', async () => {
    const pool = poolOf(2);
    const run = createLanes(pool.lend);
    const clients = await Promise.all(
      many(20, (index) =>
        run(async (client) => {
          await turns(3);
          if (index === 0) pool.broken.add(client);
          return client;
        }),
      ),
    );
    const [first] = clients;
    // Lent again the pool would have thrown it away; here it comes back, and each time does nothing more.
    expect(clients.filter((client) => client === first).length).toBeLessThan(3);
  });

  it('tell everybody who waits when there is no client, and ask again for the next', async () => {
    let refused = 0;
    const { lend } = poolOf(1);
    const run = createLanes<number>(async (use) => {
      if (refused++ === 0) throw new Error('no database');
      await lend(use);
    });
    const results = await Promise.allSettled(many(3, () => run(async () => 'done')));
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(await run(async () => 'done')).toBe('done');
  });

  it('run each work where it was asked for', async () => {
    const { AsyncLocalStorage } = await import('node:async_hooks');
    const here = new AsyncLocalStorage<number>();
    const run = createLanes(poolOf(2).lend);
    const seen = await Promise.all(many(20, (index) => here.run(index, () => run(async () => here.getStore()))));
    expect(seen).toEqual(many(20, (index) => index));
  });
});
