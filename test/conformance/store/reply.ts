import { expect } from 'vitest';
import type { KeptReply, ReplyKey, Store } from '../../../runtime/stores/store.js';
import type { OpenStore, Register } from './case.js';

const request: ReplyKey = { operation: 'createInvoice', caller: 'alice', key: 'k1' };
const kept = (reply: string, expiresAt = 1_000): KeptReply => ({ fingerprint: `of ${reply}`, reply, expiresAt });

export function replyCases(test: Register, open: OpenStore): void {
  const keep = (store: Store, key: ReplyKey, reply: KeptReply) => store.transaction((tx) => tx.keepReply(key, reply));
  const read = (store: Store, key: ReplyKey, nowMs = 0) => store.transaction((tx) => tx.keptReply(key, nowMs));

  test('a reply is kept, whole, and replaced by a newer one', async () => {
    const store = await open();
    expect(await read(store, request)).toBeNull();
    await keep(store, request, kept('{"status":201,"text":"\\\\u0000 ü \u{1f600}"}', 1_767_225_600_000));
    expect(await read(store, request)).toEqual(
      kept('{"status":201,"text":"\\\\u0000 ü \u{1f600}"}', 1_767_225_600_000),
    );
    await keep(store, request, kept('second', 2_000));
    expect(await read(store, request)).toEqual(kept('second', 2_000));
  });

  test('operation, caller and key tell replies apart', async () => {
    const store = await open();
    const names = ['a', 'b', 'a","b', ''];
    const keys = names.flatMap((operation) =>
      names.flatMap((caller) => names.map((key): ReplyKey => ({ operation, caller, key }))),
    );
    for (const [index, key] of keys.entries()) await keep(store, key, kept(String(index)));
    for (const [index, key] of keys.entries()) expect((await read(store, key))?.reply).toBe(String(index));
  });

  test('a reply is gone from the instant of its expiry on', async () => {
    const store = await open();
    await keep(store, request, kept('first', 1_000));
    expect((await read(store, request, 999))?.reply).toBe('first');
    expect(await read(store, request, 1_000)).toBeNull();
    await keep(store, request, kept('second', 2_000));
    expect((await read(store, request, 1_500))?.reply).toBe('second');
  });

  test('a reply is kept with its transaction, or not at all', async () => {
    const store = await open();
    const failed = store.transaction(async (tx) => {
      await tx.keepReply(request, kept('lost'));
      expect((await tx.keptReply(request, 0))?.reply).toBe('lost');
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    expect(await read(store, request)).toBeNull();
  });

  test('under the lock of its name one of many finds no reply, and the others find the one it kept', async () => {
    const store = await open();
    const found = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        store.transaction(async (tx) => {
          await tx.lock(['createInvoice alice k1']);
          const earlier = await tx.keptReply(request, 0);
          if (earlier === null) await tx.keepReply(request, kept(String(index)));
          return earlier?.reply;
        }),
      ),
    );
    const first = found.indexOf(undefined);
    expect(found.filter((reply) => reply === undefined)).toHaveLength(1);
    expect(found.filter((reply) => reply === String(first))).toHaveLength(7);
  });
}
