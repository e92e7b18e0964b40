import { expect, test } from 'vitest';
import { memoryStore } from '../../runtime/stores/memory.js';
import { lostWakeUps } from './store/lost-wake-up.js';
import { storeConformance } from './store.js';

storeConformance('memory', async () => memoryStore());

test('the memory store says where to find SQL', async () => {
  const asked = memoryStore().transaction((tx) => tx.query('select 1'));
  await expect(asked).rejects.toMatchObject({ code: 'usage', message: expect.stringContaining('pglite:') });
});

test('a work that swallows a deadlock does not commit', async () => {
  const store = memoryStore();
  let runs = 0;
  const swallowing = (first: string, second: string) =>
    store.transaction(async (tx) => {
      runs += 1;
      await tx.lock([first]);
      await tx.claim('c', `${first} ${runs}`);
      await tx.lock([second]).catch(() => {});
      return runs;
    });
  await Promise.all([swallowing('a', 'b'), swallowing('b', 'a')]);
  expect(runs).toBe(3);
});

test('transactions interleave: without the lock the race loses wake-ups', async () => {
  expect(await lostWakeUps(memoryStore(), { rounds: 520, locked: false })).toBeGreaterThan(0);
});
