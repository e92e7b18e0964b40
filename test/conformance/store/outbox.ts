import { expect } from 'vitest';
import { laterKey } from '../../../runtime/stores/later-key.js';
import type { Store, TakeOutbox } from '../../../runtime/stores/store.js';
import type { OpenStore, Register } from './case.js';
import { outboxMessage, yieldTurns } from './messages.js';

export function outboxCases(test: Register, open: OpenStore): void {
  const append = (store: Store, ...messages: readonly ReturnType<typeof outboxMessage>[]) =>
    store.transaction((tx) => tx.appendOutbox(messages));
  /** A relay that takes for a second at instant 1000 and answers the ids. */
  const take = (store: Store, change: Partial<TakeOutbox> = {}) =>
    store.transaction(async (tx) => {
      const wanted = { nowMs: 1000, untilMs: 2000, limit: 10, runMax: 10, ...change };
      return (await tx.takeOutbox(wanted)).map(({ id }) => id);
    });
  const look = { untilMs: 0 };
  const remove = (store: Store, ...ids: readonly string[]) => store.transaction((tx) => tx.removeOutbox(ids));

  test('messages come back as they were written', async () => {
    const store = await open();
    const { partitionKey: _, ...address } = outboxMessage('m1', 'k1').address;
    const messages = [
      outboxMessage('m1', 'k1'),
      { ...outboxMessage('m2', 'k2', 12.5), address },
      { ...outboxMessage('m3', 'k3'), address: { ...address, priority: 7 } },
    ];
    await append(store, ...messages);
    const taken = await store.transaction((tx) => tx.takeOutbox({ nowMs: 1000, untilMs: 2000, limit: 10, runMax: 10 }));
    expect(taken).toEqual(messages);
  });

  test('a run of each key is handed out, oldest first, in the order of writing', async () => {
    const store = await open();
    await append(store, outboxMessage('m1', 'a'), outboxMessage('m2', 'a'), outboxMessage('m3', 'b'));
    await append(store, outboxMessage('m4', 'c'), outboxMessage('m0', 'a'));
    expect(await take(store, { ...look, runMax: 1 })).toEqual(['m1', 'm3', 'm4']);
    expect(await take(store, { ...look, runMax: 2 })).toEqual(['m1', 'm2', 'm3', 'm4']);
    expect(await take(store, look)).toEqual(['m1', 'm2', 'm3', 'm4', 'm0']);
    // Too few for all: every key's oldest before anybody's second.
    expect(await take(store, { ...look, limit: 4 })).toEqual(['m1', 'm2', 'm3', 'm4']);
    expect(await take(store, { ...look, limit: 2 })).toEqual(['m1', 'm3']);
    expect(await take(store, { ...look, limit: 1, after: 'a' })).toEqual(['m3']);
    expect(await take(store, { ...look, after: 'b' })).toEqual(['m4']);
    expect(await take(store, { ...look, after: 'c' })).toEqual([]);
    expect(await take(store, { ...look, except: ['a', 'c', 'nobody'] })).toEqual(['m3']);
    await remove(store, 'm1', 'm3', 'unknown');
    expect(await take(store, look)).toEqual(['m2', 'm4', 'm0']);
  });

  test('what is taken is the taker alone until its time is over, it is removed or given back', async () => {
    const store = await open();
    await append(store, outboxMessage('m1', 'a'), outboxMessage('m2', 'a'), outboxMessage('m3', 'b'));
    expect(await take(store, { runMax: 1 })).toEqual(['m1', 'm3']);
    // Nobody gets what is behind a taken message, nor what comes to it later.
    await append(store, outboxMessage('m4', 'a'), outboxMessage('m5', 'c'));
    expect(await take(store, { nowMs: 1999, untilMs: 2500 })).toEqual(['m5']);
    await store.transaction((tx) => tx.giveBackOutbox(['m3', 'm5'], 2000));
    expect(await take(store, { ...look, nowMs: 1999 })).toEqual(['m3']);
    await remove(store, 'm1');
    expect(await take(store, { nowMs: 1999, untilMs: 3000 })).toEqual(['m2', 'm3', 'm4']);
    expect(await take(store, { ...look, nowMs: 2999 })).toEqual(['m5']);
    expect(await take(store, { nowMs: 3000, untilMs: 4000 })).toEqual(['m2', 'm3', 'm4', 'm5']);
    // The first taker is too late: they are somebody else's now.
    await store.transaction((tx) => tx.giveBackOutbox(['m2', 'm3', 'm4', 'm5'], 3000));
    expect(await take(store, { ...look, nowMs: 3999 })).toEqual([]);
  });

  test('a message that is not due holds back those behind it, not other keys', async () => {
    const store = await open();
    await append(store, outboxMessage('m1', 'a', 5000), outboxMessage('m2', 'a'), outboxMessage('m3', 'b'));
    await append(store, outboxMessage('m4', 'b', 900), outboxMessage('m5', 'b', 1001), outboxMessage('m6', 'b'));
    await append(store, outboxMessage('m7', 'd', 800), outboxMessage('m8', 'e', 9000));
    expect(await take(store, look)).toEqual(['m3', 'm4', 'm7']);
    expect(await take(store, { ...look, nowMs: 5000 })).toEqual(['m1', 'm2', 'm3', 'm4', 'm5', 'm6', 'm7']);
  });

  test('what waits under one key does not slow down or hide the others', async () => {
    const store = await open();
    await append(store, ...Array.from({ length: 300 }, (_, index) => outboxMessage(`hot ${index}`, 'a')));
    await append(store, outboxMessage('m1', 'b'));
    expect(await take(store, { ...look, limit: 3 })).toEqual(['hot 0', 'hot 1', 'm1']);
    expect(await take(store, { ...look, limit: 3, except: ['a'] })).toEqual(['m1']);
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

  test('what a clock far ahead has taken is free, what one a little ahead has is not', async () => {
    const store = await open();
    await append(store, outboxMessage('m1', 'k1'));
    const hourMs = 3_600_000;
    expect(await take(store, { nowMs: hourMs, untilMs: hourMs + 10_000 })).toEqual(['m1']);
    expect(await take(store, { nowMs: hourMs - 30_000, untilMs: hourMs - 20_000 })).toEqual([]);
    expect(await take(store)).toEqual(['m1']);
  });

  test('relays at once share the work and keep the order of each key', async () => {
    const store = await open();
    const keys = ['a', 'b', 'c'];
    const total = 45;
    let written = 0;
    /** One writer after the other, as owners of an entity are. */
    const write = () =>
      store.transaction(async (tx) => {
        await tx.lock(['write']);
        const messages = Array.from({ length: Math.min(15, total - written) }, (_, index) => written + index + 1);
        written += messages.length;
        await tx.appendOutbox(messages.map((number) => outboxMessage(`m${number}`, keys[number % 3] ?? '')));
      });
    const sent: number[] = [];
    /** Takes, sends in steps outside any transaction, removes; messages go on coming meanwhile. */
    const relay = async (number: number, turns: number): Promise<void> => {
      for (let looks = 0; looks < 100 && sent.length < total; looks++) {
        const untilMs = 1e6 + number + looks / 1000;
        const taken = await store.transaction((tx) => tx.takeOutbox({ nowMs: 1, untilMs, limit: 4, runMax: 2 }));
        for (const { id } of taken) {
          await yieldTurns(turns);
          sent.push(Number(id.slice(1)));
        }
        if (looks % 3 === number && written < total) await write();
        await remove(store, ...taken.map(({ id }) => id));
      }
    };
    await write();
    await Promise.all([relay(0, 1), relay(1, 3), relay(2, 6)]);
    expect(sent).toHaveLength(total);
    expect(new Set(sent).size).toBe(total);
    for (const [index] of keys.entries()) {
      const ofKey = sent.filter((number) => number % 3 === index);
      expect(ofKey).toEqual([...ofKey].sort((left, right) => left - right));
    }
  });

  test('the backlog counts what waits and names the oldest due time', async () => {
    const store = await open();
    const backlog = () => store.transaction((tx) => tx.outboxBacklog());
    expect(await backlog()).toEqual({ count: 0 });
    const before = Date.now();
    const soon = before + 60_000;
    await append(store, outboxMessage('m1', 'a', soon), outboxMessage('m2', 'b', soon + 1));
    expect(await backlog()).toEqual({ count: 2, oldestDueAt: soon, waitingSince: soon });
    await append(store, outboxMessage('m3', 'a', 100.5));
    const { waitingSince = 0, ...rest } = await backlog();
    expect(rest).toEqual({ count: 3, oldestDueAt: 100.5 });
    // As long as it has been there, not as long as it would have been allowed to go.
    expect(waitingSince).toBeGreaterThan(before - 30_000);
    expect(waitingSince).toBeLessThan(before + 30_000);
  });

  test('the backlog tells what is meant to leave later from what is held up', async () => {
    const store = await open();
    const soon = Date.now() + 60_000;
    await append(store, outboxMessage('m1', laterKey('m1'), soon), outboxMessage('m2', 'later:m2'));
    const backlog = await store.transaction((tx) => tx.outboxBacklog());
    expect(backlog).toMatchObject({ count: 1, later: 1, oldestDueAt: 0 });
  });

  test('the same id twice is refused', async () => {
    const store = await open();
    await append(store, outboxMessage('m1', 'a'));
    await expect(append(store, outboxMessage('m1', 'b'))).rejects.toThrow();
    expect(await take(store)).toEqual(['m1']);
  });
}
