import { expect } from 'vitest';
import type { Store } from '../../../runtime/stores/store.js';
import type { OpenStore, Register } from './case.js';
import { outboxMessage, yieldTurns } from './messages.js';

export function outboxCases(test: Register, open: OpenStore): void {
  const append = (store: Store, ...messages: readonly ReturnType<typeof outboxMessage>[]) =>
    store.transaction((tx) => tx.appendOutbox(messages));
  const take = (store: Store, limit = 10, nowMs = 1000) =>
    store.transaction(async (tx) => (await tx.takeOutbox(limit, nowMs)).map(({ id }) => id));

  test('messages come back as they were written', async () => {
    const store = await open();
    const { partitionKey: _, ...address } = outboxMessage('m1', 'k1').address;
    const messages = [
      outboxMessage('m1', 'k1'),
      { ...outboxMessage('m2', 'k2', 12.5), address },
      { ...outboxMessage('m3', 'k3'), address: { ...address, priority: 7 } },
    ];
    await append(store, ...messages);
    expect(await store.transaction((tx) => tx.takeOutbox(10, 1000))).toEqual(messages);
  });

  test('only the oldest of each key is handed out, in the order of writing', async () => {
    const store = await open();
    await append(store, outboxMessage('m1', 'a'), outboxMessage('m2', 'a'), outboxMessage('m3', 'b'));
    await append(store, outboxMessage('m4', 'c'), outboxMessage('m0', 'a'));
    expect(await take(store)).toEqual(['m1', 'm3', 'm4']);
    expect(await take(store, 2)).toEqual(['m1', 'm3']);
    await store.transaction((tx) => tx.removeOutbox(['m1', 'm3', 'unknown']));
    expect(await take(store)).toEqual(['m2', 'm4']);
    await store.transaction((tx) => tx.removeOutbox(['m2', 'm4']));
    expect(await take(store)).toEqual(['m0']);
  });

  test('a message that is not due holds back those behind it, not other keys', async () => {
    const store = await open();
    await append(store, outboxMessage('m1', 'a', 5000), outboxMessage('m2', 'a'), outboxMessage('m3', 'b'));
    expect(await take(store)).toEqual(['m3']);
    expect(await take(store, 10, 5000)).toEqual(['m1', 'm3']);
  });

  test('what is not committed is not handed out; what is rolled back never is', async () => {
    const store = await open();
    const failed = store.transaction(async (tx) => {
      await tx.appendOutbox([outboxMessage('m1', 'a')]);
      await yieldTurns(10);
      throw new Error('no');
    });
    const refused = expect(failed).rejects.toThrow('no');
    expect(await take(store)).toEqual([]);
    await refused;
    expect(await take(store)).toEqual([]);
  });

  test('relays at once share the work and keep the order of each key', async () => {
    const store = await open();
    const keys = ['a', 'b', 'c'];
    await append(store, ...Array.from({ length: 30 }, (_, index) => outboxMessage(`m${index}`, keys[index % 3] ?? '')));
    const sent: string[] = [];
    const relay = async (turns: number): Promise<void> => {
      for (let idle = 0; idle < 3; ) {
        const count = await store.transaction(async (tx) => {
          const batch = await tx.takeOutbox(2, 0);
          await yieldTurns(turns);
          sent.push(...batch.map(({ id }) => id));
          await yieldTurns(turns);
          await tx.removeOutbox(batch.map(({ id }) => id));
          return batch.length;
        });
        idle = count === 0 ? idle + 1 : 0;
      }
    };
    await Promise.all([relay(1), relay(3), relay(6)]);
    await relay(0);
    expect(new Set(sent).size).toBe(30);
    expect(sent).toHaveLength(30);
    for (const [index] of keys.entries()) {
      const ofKey = sent.map((id) => Number(id.slice(1))).filter((number) => number % 3 === index);
      expect(ofKey).toEqual([...ofKey].sort((left, right) => left - right));
    }
  });

  test('the backlog counts what waits and names the oldest due time', async () => {
    const store = await open();
    const backlog = () => store.transaction((tx) => tx.outboxBacklog());
    expect(await backlog()).toEqual({ count: 0 });
    await append(store, outboxMessage('m1', 'a', 300), outboxMessage('m2', 'a', 100.5));
    expect(await backlog()).toEqual({ count: 2, oldestDueAt: 100.5 });
  });

  test('the same id twice is refused', async () => {
    const store = await open();
    await append(store, outboxMessage('m1', 'a'));
    await expect(append(store, outboxMessage('m1', 'b'))).rejects.toThrow();
    expect(await take(store)).toEqual(['m1']);
  });
}
