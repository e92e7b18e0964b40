import { expect } from 'vitest';
import type { OpenStore, Register } from './case.js';
import { companies, incoming, outboxMessage, parkedMessage, yieldTurns } from './messages.js';

export function transactionCases(test: Register, open: OpenStore): void {
  test('a work that throws leaves nothing of all it wrote', async () => {
    const store = await open();
    const work = store.transaction(async (tx) => {
      await tx.claim('c', 'm1');
      await tx.advanceGuard('c', 'Company', 'c1', incoming(1));
      await tx.putReplica(companies, 'c1', { name: 'one' }, incoming(1));
      await tx.advanceOwned('Company', 'c1', { state: {}, deleted: false, nowMs: 1 });
      await tx.appendOutbox([outboxMessage('o1', 'k')]);
      await tx.park(parkedMessage());
      throw new Error('handler failed');
    });
    await expect(work).rejects.toThrow('handler failed');
    await store.transaction(async (tx) => {
      expect(await tx.replicaPresence(companies, 'c1')).toBe('unknown');
      expect(await tx.owned('Company', 'c1')).toBeNull();
      expect(await tx.outboxBacklog()).toEqual({ count: 0 });
      expect(await tx.countParked('surveys.Employee')).toBe(0);
      expect(await tx.peekGuard('c', 'Company', 'c1', incoming(1))).toBe('applied');
      expect(await tx.claim('c', 'm1')).toBe(true);
    });
  });

  test('a work sees what it wrote before', async () => {
    const store = await open();
    await store.transaction(async (tx) => {
      await tx.putReplica(companies, 'c1', { name: 'one' }, incoming(1));
      expect(await tx.getReplica(companies, 'c1')).toEqual({ name: 'one' });
      expect(await tx.claim('c', 'm1')).toBe(true);
      expect(await tx.claim('c', 'm1')).toBe(false);
    });
  });

  test('of two that claim the same message at once, one gets it', async () => {
    const store = await open();
    const claims = [0, 1, 2, 3, 4].map((turns) =>
      store.transaction(async (tx) => {
        await yieldTurns(turns);
        const mine = await tx.claim('c', 'm1');
        await yieldTurns(5 - turns);
        return mine;
      }),
    );
    expect((await Promise.all(claims)).filter(Boolean)).toHaveLength(1);
  });

  test('a claim that is rolled back leaves the message to the one who waits for it', async () => {
    const store = await open();
    const first = store.transaction(async (tx) => {
      await tx.claim('c', 'm1');
      await yieldTurns(10);
      throw new Error('crash');
    });
    const second = store.transaction((tx) => tx.claim('c', 'm1'));
    await expect(first).rejects.toThrow('crash');
    expect(await second).toBe(true);
  });

  test('consumers claim the same message independently', async () => {
    const store = await open();
    await store.transaction(async (tx) => {
      expect(await tx.claim('a', 'm1')).toBe(true);
      expect(await tx.claim('b', 'm1')).toBe(true);
      expect(await tx.claim('a', 'b,c')).toBe(true);
      expect(await tx.claim('a,b', 'c')).toBe(true);
    });
  });

  test('locks in any order never end in a deadlock that reaches the caller', async () => {
    const store = await open();
    const takers = [
      ['a', 'b', 'c'],
      ['c', 'b', 'a'],
      ['b', 'a'],
      ['c', 'a', 'c'],
    ].map((names) =>
      store.transaction(async (tx) => {
        await tx.lock(names);
        await yieldTurns(3);
        return names.length;
      }),
    );
    expect(await Promise.all(takers)).toEqual([3, 3, 2, 3]);
  });

  test('works that lock in opposite order one by one are run again until all are through', async () => {
    const store = await open();
    let counter = 0;
    const increment = (names: readonly string[]) =>
      store.transaction(async (tx) => {
        for (const name of names) {
          await tx.lock([name]);
          await yieldTurns(2);
        }
        const before = counter;
        await yieldTurns(2);
        counter = before + 1;
      });
    await Promise.all([increment(['a', 'b']), increment(['b', 'a']), increment(['a', 'b'])]);
    expect(counter).toBe(3);
  });

  test('a lock keeps others out until the end', async () => {
    const store = await open();
    let inside = 0;
    const critical = () =>
      store.transaction(async (tx) => {
        await tx.lock(['door']);
        inside += 1;
        expect(inside).toBe(1);
        await yieldTurns(7);
        inside -= 1;
      });
    await Promise.all([critical(), critical(), critical()]);
  });

  test('a transaction cannot be used after its end', async () => {
    const store = await open();
    const kept = await store.transaction(async (tx) => ({ tx }));
    await expect(kept.tx.claim('c', 'm1')).rejects.toThrow('the transaction is over');
    expect(await store.transaction((tx) => tx.claim('c', 'm1'))).toBe(true);
  });

  test('steps side by side in one transaction all count', async () => {
    const store = await open();
    await store.transaction(async (tx) => {
      await Promise.all(
        [1, 2, 3].map((id) => tx.advanceOwned('E', `e${id % 2}`, { state: id, deleted: false, nowMs: 0 })),
      );
    });
    const states = await store.transaction((tx) => tx.listOwned('E', { limit: 9 }));
    expect(states.map(({ id, version }) => [id, version.sequence])).toEqual([
      ['e0', 1n],
      ['e1', 2n],
    ]);
  });

  test('of steps side by side, those after a failure of the work do nothing', async () => {
    const store = await open();
    let late: Promise<unknown> = Promise.resolve();
    const failed = store.transaction(async (tx) => {
      late = Promise.allSettled([tx.claim('c', 'm1'), tx.claim('c', 'm2'), tx.claim('c', 'm3')]);
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    await late;
    for (const key of ['m1', 'm2', 'm3']) expect(await store.transaction((tx) => tx.claim('c', key))).toBe(true);
  });

  test('after close, the same store goes on with its data', async () => {
    const store = await open();
    await store.transaction((tx) => tx.claim('c', 'm1'));
    await store.close();
    expect(await store.transaction((tx) => tx.claim('c', 'm1'))).toBe(false);
  });
}
