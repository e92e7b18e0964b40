import { expect } from 'vitest';
import { compareVersions } from '../../../runtime/guard.js';
import type { Purge, Purged, Store } from '../../../runtime/stores/store.js';
import type { OpenStore, Register } from './case.js';
import { companies, employees, incoming } from './messages.js';

const hourMs = 3_600_000;

export function purgeCases(test: Register, open: OpenStore): void {
  const purge = (store: Store, change: Partial<Purge> = {}): Promise<Purged> => {
    // Rows are dated by the store's own clock: an hour ahead all of them are old, an hour back none is.
    const later = Date.now() + hourMs;
    const horizons = { inboxBefore: later, tombstonesBefore: later, repliesBefore: later };
    const wanted = { ...horizons, tables: [companies, employees], limit: 100 };
    return store.transaction((tx) => tx.purge({ ...wanted, ...change }));
  };

  const fill = (store: Store) =>
    store.transaction(async (tx) => {
      for (const id of ['a', 'b', 'c']) {
        await tx.claim('c', id);
        await tx.putReplica(companies, id, id === 'a' ? { name: 'live' } : null, incoming(1));
        await tx.advanceGuard('c', 'Company', id, incoming(1, { deleted: id !== 'a' }));
        await tx.advanceOwned('Company', id, { state: {}, deleted: id !== 'a', nowMs: Date.now() });
        await tx.markPublished('Company', id);
      }
      await tx.putReplica(employees, 'a', null, incoming(1));
      for (const [index, key] of ['a', 'b', 'c'].entries()) {
        const expiresAt = Date.now() + (index === 2 ? 2 * hourMs : 0);
        await tx.keepReply({ operation: 'o', caller: 'c', key }, { fingerprint: '', reply: '', expiresAt });
      }
    });

  test('old claims and tombstones go, what lives stays', async () => {
    const store = await open();
    await fill(store);
    expect(await purge(store)).toEqual({ inbox: 3, copies: 3, guards: 2, owned: 2, replies: 2 });
    expect(await purge(store)).toEqual({ inbox: 0, copies: 0, guards: 0, owned: 0, replies: 0 });
    await store.transaction(async (tx) => {
      expect(await tx.getReplica(companies, 'a')).toEqual({ name: 'live' });
      expect(await tx.replicaPresences(companies, ['a', 'b'])).toEqual(
        new Map([
          ['a', 'live'],
          ['b', 'unknown'],
        ]),
      );
      expect(await tx.guardVersion('c', 'Company', 'a')).toBeDefined();
      expect(await tx.guardVersion('c', 'Company', 'b')).toBeUndefined();
      expect((await tx.owned('Company', 'a'))?.version.sequence).toBe(1n);
      expect(await tx.owned('Company', 'b')).toBeNull();
      expect(await tx.claim('c', 'a')).toBe(true);
      expect(await tx.keptReply({ operation: 'o', caller: 'c', key: 'c' }, 0)).not.toBeNull();
      expect(await tx.keptReply({ operation: 'o', caller: 'c', key: 'a' }, 0)).toBeNull();
    });
  });

  test('what is younger than its horizon stays, each kind by its own', async () => {
    const store = await open();
    await fill(store);
    const before = Date.now() - hourMs;
    const none = { inbox: 0, copies: 0, guards: 0, owned: 0, replies: 0 };
    const horizons = { inboxBefore: before, tombstonesBefore: before, repliesBefore: before };
    expect(await purge(store, horizons)).toEqual(none);
    const { tombstonesBefore: _tombstones, ...noTombstones } = horizons;
    expect(await purge(store, noTombstones)).toEqual({ ...none, copies: 3, guards: 2, owned: 2 });
    const { inboxBefore: _inbox, ...noClaims } = horizons;
    expect(await purge(store, noClaims)).toEqual({ ...none, inbox: 3 });
    const { repliesBefore: _replies, ...noReplies } = horizons;
    expect(await purge(store, noReplies)).toEqual({ ...none, replies: 2 });
  });

  test('a purge takes no more than its portion, and only of the copies it is told', async () => {
    const store = await open();
    await fill(store);
    expect(await purge(store, { limit: 1, tables: [companies] })).toEqual({
      inbox: 1,
      copies: 1,
      guards: 1,
      owned: 1,
      replies: 1,
    });
    expect(await purge(store, { limit: 2 })).toEqual({ inbox: 2, copies: 2, guards: 1, owned: 1, replies: 1 });
  });

  test('a deletion that nobody was told of is not forgotten', async () => {
    const store = await open();
    await store.transaction(async (tx) => {
      await tx.advanceOwned('Company', 'a', { state: {}, deleted: false, nowMs: 1 });
      await tx.markPublished('Company', 'a');
      await tx.advanceOwned('Company', 'a', { state: {}, deleted: true, nowMs: 2 });
    });
    expect(await purge(store)).toMatchObject({ owned: 0 });
    await store.transaction((tx) => tx.markPublished('Company', 'a'));
    expect(await purge(store)).toMatchObject({ owned: 1 });
  });

  test('an entity that comes back after its tombstone has gone stands above all its old versions', async () => {
    const store = await open();
    const versions = [];
    for (let life = 0; life < 3; life++) {
      for (const deleted of [false, true]) {
        const told = await store.transaction(async (tx) => {
          await tx.owned('Company', 'a');
          const state = await tx.advanceOwned('Company', 'a', { state: {}, deleted, nowMs: 1000 });
          await tx.markPublished('Company', 'a');
          return state;
        });
        versions.push(told.version);
      }
      expect(await purge(store)).toMatchObject({ owned: 1 });
    }
    const sorted = [...versions].sort(compareVersions);
    expect(versions).toEqual(sorted);
    expect(new Set(versions.map(({ epoch, sequence }) => `${epoch}/${sequence}`)).size).toBe(6);
    // Others that are new take the same epoch, and no other name does.
    const [same, other] = await store.transaction(async (tx) => [
      await tx.advanceOwned('Company', 'b', { state: {}, deleted: false, nowMs: 1 }),
      await tx.advanceOwned('Employee', 'b', { state: {}, deleted: false, nowMs: 1 }),
    ]);
    expect([same?.version.epoch, other?.version.epoch]).toEqual([3, 0]);
  });
}
