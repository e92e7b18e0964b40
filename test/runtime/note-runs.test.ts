import { expect, it } from 'vitest';
import { noteRuns } from '../../runtime/note-runs.js';
import { inScope } from '../../runtime/scope.js';
import { memoryStore } from '../../runtime/stores/memory.js';

const call = { consumer: 'surveys.onHired', messageId: 'm1', correlationId: 'c1', attempt: 1 };
const around = noteRuns({ SEAMWRIGHT_TEST_MODE: '1' });

it('is for test mode alone', () => {
  expect(noteRuns({})).toBeUndefined();
  expect(noteRuns({ SEAMWRIGHT_TEST_MODE: '0' })).toBeUndefined();
});

it('notes each run whose effect is kept, and none that is undone', async () => {
  const store = memoryStore();
  const handle = (effect: () => Promise<void>): Promise<unknown> =>
    store.transaction(async (tx) => {
      const cause = { correlationId: 'c1' };
      const unit = { tx, cause, pending: { outbox: false, released: false, unsafe: [] }, open: true };
      await inScope({ service: 'surveys', cause, unit }, async () => around?.(call, effect));
      if (effect === undone) throw new Error('rolled back');
    });
  const undone = async (): Promise<void> => {};
  const noted = (): Promise<readonly boolean[]> =>
    store.transaction(async (tx) => [
      await tx.claimed('surveys.onHired#ran', 'm1#1'),
      await tx.claimed('surveys.onHired#ran', 'm1#2'),
    ]);

  await expect(handle(undone)).rejects.toThrow('rolled back');
  await expect(handle(() => Promise.reject(new Error('not today')))).rejects.toThrow('not today');
  expect(await noted()).toEqual([false, false]);
  await handle(async () => {});
  expect(await noted()).toEqual([true, false]);
  await handle(async () => {});
  expect(await noted()).toEqual([true, true]);
});

it('leaves handlers outside of transactions alone', async () => {
  let ran = 0;
  await around?.(call, async () => {
    ran += 1;
  });
  expect(ran).toBe(1);
});
