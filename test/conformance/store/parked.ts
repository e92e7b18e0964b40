import { expect } from 'vitest';
import type { Store } from '../../../runtime/stores/store.js';
import type { OpenStore, Register } from './case.js';
import { lostWakeUps } from './lost-wake-up.js';
import { parkedMessage } from './messages.js';

export function parkedCases(test: Register, open: OpenStore): void {
  const park = (store: Store, ...messages: readonly ReturnType<typeof parkedMessage>[]) =>
    store.transaction(async (tx) => {
      for (const message of messages) await tx.park(message);
    });
  const take = (store: Store, nowMs: number, options: { sweep?: boolean; limit?: number; consumer?: string } = {}) =>
    store.transaction(async (tx) =>
      (await tx.takeParked({ nowMs, limit: 10, ...options })).map(({ messageId, why }) => `${messageId} ${why}`),
    );
  const release = (store: Store, id = 'c1') => store.transaction((tx) => tx.releaseParked({ entity: 'Company', id }));

  test('a parked message comes back as it was, with the reason', async () => {
    const store = await open();
    await park(store, parkedMessage());
    expect(await take(store, 1500)).toEqual([]);
    expect(await release(store)).toBe(1);
    const taken = await store.transaction((tx) => tx.takeParked({ nowMs: 1500, limit: 10 }));
    expect(taken).toEqual([{ ...parkedMessage(), why: 'ready' }]);
  });

  test('of an entity and consumer only the newest state stays, whatever the order', async () => {
    const store = await open();
    await park(store, parkedMessage({ sequence: 2 }), parkedMessage({ sequence: 3 }), parkedMessage({ sequence: 1 }));
    await park(
      store,
      parkedMessage({ sequence: 1, consumer: 'other' }),
      parkedMessage({ sequence: 1, entityId: 'e2' }),
    );
    expect(await store.transaction((tx) => tx.countParked('surveys.Employee'))).toBe(2);
    expect(await take(store, 9999)).toEqual(['m1 expired', 'm1 expired', 'm3 expired']);
    expect(await take(store, 9999, { consumer: 'other' })).toEqual(['m1 expired']);
  });

  test('deltas all stay, oldest version first', async () => {
    const store = await open();
    const deltas = [2, 10, 1].map((sequence) => parkedMessage({ sequence, carries: 'delta' }));
    await park(store, ...deltas);
    expect(await release(store)).toBe(3);
    expect(await take(store, 0)).toEqual(['m1 ready', 'm2 ready', 'm10 ready']);
    await store.transaction((tx) => tx.removeParked(parkedMessage({ sequence: 2 })));
    expect(await take(store, 0)).toEqual(['m1 ready', 'm10 ready']);
  });

  test('parking again waits anew, also for something else', async () => {
    const store = await open();
    await park(store, parkedMessage());
    await release(store);
    await park(store, parkedMessage({ dependency: { entity: 'Company', id: 'c2' }, attempts: 2 }));
    expect(await release(store)).toBe(0);
    expect(await take(store, 0)).toEqual([]);
    expect(await release(store, 'c2')).toBe(1);
    const [taken] = await store.transaction((tx) => tx.takeParked({ nowMs: 0, limit: 1 }));
    expect(taken?.attempts).toBe(2);
  });

  test('reasons: ready before expired before timeout, and the sweep for the rest', async () => {
    const store = await open();
    const times = { timeoutAt: 2000, expiresAt: 3000 };
    await park(
      store,
      parkedMessage({ entityId: 'a', messageId: 'a', parkedAt: 1, ...times }),
      parkedMessage({ entityId: 'b', messageId: 'b', parkedAt: 2, ...times, timeoutAt: 9000, expiresAt: 9000 }),
      parkedMessage({
        entityId: 'c',
        messageId: 'c',
        parkedAt: 3,
        ...times,
        dependency: { entity: 'Company', id: 'c9' },
      }),
    );
    expect(await take(store, 1999)).toEqual([]);
    expect(await take(store, 1999, { sweep: true, limit: 2 })).toEqual(['a sweep', 'b sweep']);
    expect(await take(store, 2000)).toEqual(['a timeout', 'c timeout']);
    expect(await take(store, 3000, { sweep: true })).toEqual(['a expired', 'c expired', 'b sweep']);
    await release(store, 'c9');
    expect(await take(store, 3000, { limit: 2 })).toEqual(['a expired', 'c ready']);
  });

  test('the sweep goes round, so that hopeless messages do not hide the others', async () => {
    const store = await open();
    for (const id of ['a', 'b', 'c'])
      await park(store, parkedMessage({ entityId: id, messageId: id, timeoutAt: 9e9, expiresAt: 9e9 }));
    const seen = [];
    for (const nowMs of [10, 20, 30]) seen.push(...(await take(store, nowMs, { sweep: true, limit: 1 })));
    expect(seen.sort()).toEqual(['a sweep', 'b sweep', 'c sweep']);
  });

  test('what one taker holds, another does not get', async () => {
    const store = await open();
    for (const id of ['a', 'b', 'c', 'd']) await park(store, parkedMessage({ entityId: id, messageId: id }));
    await release(store);
    const handled: string[] = [];
    const worker = () =>
      store.transaction(async (tx) => {
        for (const message of await tx.takeParked({ nowMs: 0, limit: 3 })) {
          handled.push(message.messageId);
          await tx.removeParked(message);
        }
      });
    await Promise.all([worker(), worker(), worker()]);
    expect(handled.sort()).toEqual(['a', 'b', 'c', 'd']);
    expect(await store.transaction((tx) => tx.countParked('surveys.Employee'))).toBe(0);
  });

  test('removing a message spares the newer one that took its place', async () => {
    const store = await open();
    await park(store, parkedMessage({ sequence: 1 }), parkedMessage({ sequence: 2 }));
    await store.transaction((tx) => tx.removeParked(parkedMessage({ sequence: 1 })));
    expect(await store.transaction((tx) => tx.countParked('surveys.Employee'))).toBe(1);
    await store.transaction((tx) => tx.removeParked(parkedMessage({ sequence: 2 })));
    expect(await store.transaction((tx) => tx.countParked('surveys.Employee'))).toBe(0);
  });

  test('no wake-up is lost when the dependency arrives at the same moment', async () => {
    expect(await lostWakeUps(await open(), { rounds: 520, locked: true })).toBe(0);
  });
}
