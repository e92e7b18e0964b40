import { expect } from 'vitest';
import type { OpenStore, Register } from './case.js';
import { yieldTurns } from './messages.js';

export function noteCases(test: Register, open: OpenStore): void {
  test('a note is kept, replaced and struck out, with its transaction', async () => {
    const store = await open();
    const read = () => store.transaction((tx) => tx.note('cursor'));
    expect(await read()).toBeNull();
    await store.transaction((tx) => tx.setNote('cursor', 'page 1'));
    const failed = store.transaction(async (tx) => {
      await tx.setNote('cursor', 'page 2');
      expect(await tx.note('cursor')).toBe('page 2');
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    expect(await read()).toBe('page 1');
    await store.transaction((tx) => tx.setNote('cursor', ''));
    expect(await read()).toBe('');
    await store.transaction((tx) => tx.setNote('cursor', null));
    expect(await read()).toBeNull();
    await store.transaction((tx) => tx.setNote('cursor', null));
  });

  test('a lock is tried: one of two gets it, and the next after the end', async () => {
    const store = await open();
    const attempt = (turns: number) =>
      store.transaction(async (tx) => {
        const taken = await tx.tryLock('purge');
        if (taken) expect(await tx.tryLock('purge')).toBe(true);
        await yieldTurns(turns);
        return taken;
      });
    await store.transaction(async (tx) => {
      await tx.lock(['purge']);
      expect(await tx.tryLock('purge')).toBe(true);
    });
    expect(await attempt(0)).toBe(true);
    expect(await attempt(0)).toBe(true);
  });
}
