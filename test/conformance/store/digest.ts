import { expect } from 'vitest';
import { incomingOf } from '../../../runtime/consume/incoming.js';
import type { VersionRule } from '../../../runtime/definition.js';
import { digestOf } from '../../../runtime/stores/bucket.js';
import type { BucketDigest, OwnedState, Store, Transaction, VersionKind } from '../../../runtime/stores/store.js';
import type { OpenStore, Register } from './case.js';
import { companies, incoming } from './messages.js';

const buckets = 8;
const ids = ['', 'a', 'é', '😀', '\uff5e', '/1/', "';--", ...Array.from({ length: 40 }, (_, index) => `id ${index}`)];

/** How a copy reads the version out of an owner's message, by the rule of its contract. */
const rules: Readonly<Record<VersionKind, VersionRule<unknown>>> = {
  sequence: { kind: 'sequence' },
  timestamp: { kind: 'timestamp', of: (message) => String(Reflect.get(Object(message), 'at')), tie: () => 'm' },
};

export function digestCases(test: Register, open: OpenStore): void {
  test('a digest of copies is what the definition says of their versions', async () => {
    const store = await open();
    const kept = ids.map((id, index) => ({
      id,
      version: { epoch: index % 3, sequence: BigInt(index) - 2n, tie: 'tie' },
      deleted: index % 4 === 0,
    }));
    await store.transaction((tx) =>
      tx.putReplicas(
        companies,
        kept.map(({ id, version, deleted }) => ({
          id,
          row: deleted ? null : { name: id },
          incoming: { ...incoming(0), version },
        })),
      ),
    );
    const read = (count: number) => store.transaction((tx) => tx.replicaDigest(companies, { buckets: count }));
    for (const count of [1, buckets, 1000]) expect(await read(count)).toEqual(digestOf(kept, count));
    const all = await read(buckets);
    expect(sum(all, 'live') + sum(all, 'deleted')).toBe(ids.length);
    for (const count of [0, 1.5, 2 ** 21]) await expect(read(count)).rejects.toMatchObject({ code: 'usage' });
  });

  test('the pages of all buckets hold each copy once, by id within its bucket, with what is kept of it', async () => {
    const store = await open();
    await store.transaction(async (tx) => {
      for (const id of ids)
        await tx.putReplica(companies, id, id === 'a' ? null : { name: id }, incoming(7, { tie: 't' }));
    });
    const found: string[] = [];
    for (const { bucket, live, deleted } of await store.transaction((tx) => tx.replicaDigest(companies, { buckets }))) {
      const listed: string[] = [];
      for (let after: string | undefined; ; ) {
        const page = await store.transaction((tx) =>
          tx.listReplicaVersions(companies, { bucket, buckets, limit: 3, ...(after !== undefined && { after }) }),
        );
        for (const entity of page) {
          const version = { epoch: 0, sequence: 7n, tie: 't' };
          expect(entity).toEqual({ id: entity.id, version, deleted: entity.id === 'a' });
          listed.push(entity.id);
        }
        after = page.at(-1)?.id;
        if (after === undefined) break;
      }
      expect(listed).toHaveLength(live + deleted);
      found.push(...listed);
    }
    expect([...found].sort()).toEqual([...ids].sort());
  });

  for (const versions of ['sequence', 'timestamp'] as const) {
    test(`owner and follower agree when everything has arrived, and differ by what has not: ${versions}`, async () => {
      const store = await open();
      const told = await tellAll(store, versions);
      expect(await owner(store, versions)).toEqual(await follower(store));
      expect(sum(await follower(store), 'deleted')).toBeGreaterThan(0);

      // A version that is held back is nobody's but the owner's.
      await store.transaction((tx) => tx.advanceOwned('Company', 'a', { state: 9, deleted: true, nowMs: 5e6 }));
      await store.transaction((tx) => tx.advanceOwned('Company', 'never told', { state: 9, deleted: false, nowMs: 1 }));
      await store.transaction((tx) => tx.advanceOwned('Other', 'a', { state: 9, deleted: false, nowMs: 1 }));
      await store.transaction((tx) => tx.markPublished('Other', 'a'));
      expect(await owner(store, versions)).toEqual(await follower(store));

      // One that was told and has not arrived changes one bucket.
      const next = await store.transaction((tx) => tell(tx, 'é', false, 6e6));
      const differing = (await owner(store, versions)).filter(
        ({ checksum, bucket }, index) => checksum !== digestAt(told, index)?.checksum || bucket < 0,
      );
      expect(differing).toHaveLength(1);
      const bucket = differing[0]?.bucket ?? -1;
      const [owners, copies] = await store.transaction(async (tx) => [
        await tx.listOwnedVersions('Company', { bucket, buckets, limit: 99, versions }),
        await tx.listReplicaVersions(companies, { bucket, buckets, limit: 99 }),
      ]);
      const late = (owners ?? []).filter(({ id, version }) =>
        (copies ?? []).every((copy) => copy.id !== id || copy.version.sequence !== version.sequence),
      );
      expect(late).toMatchObject([{ id: 'é', deleted: false, version: versionOf(next, versions) }]);
    });
  }

  test('the owner lists what it has told beside what it has, by id', async () => {
    const store = await open();
    await store.transaction(async (tx) => {
      for (const id of ['b', 'a', 'c']) await tell(tx, id, id === 'c', 1);
      await tx.advanceOwned('Company', 'a', { state: 2, deleted: true, nowMs: 2 });
    });
    const list = (versions: VersionKind, after?: string) =>
      store.transaction((tx) =>
        tx.listOwnedVersions('Company', {
          ...{ bucket: 0, buckets: 1, limit: 2, versions },
          ...(after !== undefined && { after }),
        }),
      );
    const at = (sequence: bigint, deleted: boolean) => ({ version: { epoch: 0, sequence, tie: '' }, deleted });
    expect(await list('sequence')).toEqual([
      { id: 'a', ...at(1n, false), current: at(2n, true) },
      { id: 'b', ...at(1n, false), current: at(1n, false) },
    ]);
    expect(await list('sequence', 'b')).toEqual([{ id: 'c', ...at(1n, true), current: at(1n, true) }]);
    expect((await list('timestamp'))[0]).toEqual({
      id: 'a',
      ...at(1_000_000n, false),
      current: at(2_000_000n, true),
    });
  });
}

/** An owner that has told all, and copies that have it all, as the runtime's own reading of the messages puts it. */
async function tellAll(store: Store, versions: VersionKind): Promise<readonly BucketDigest[]> {
  for (const [index, id] of ids.entries()) {
    await store.transaction(async (tx) => {
      if (index % 3 === 0) await tell(tx, id, false, index);
      const state = await tell(tx, id, index % 4 === 0, 1000.5 + index);
      const envelope = {
        ...{ id: 'm', source: 's', type: 'T', time: state.changedAt, data: { at: state.changedAt } },
        ...{ sequence: String(state.version.sequence), epoch: String(state.version.epoch) },
        ...{ dataversion: '1', correlationid: 'c' },
      };
      const read = incomingOf(envelope, {
        ...{ version: rules[versions], data: envelope.data, mapping: undefined, deleted: state.deleted },
      });
      if (read === undefined) throw new Error('the message carries no version');
      await tx.putReplica(companies, id, state.deleted ? null : { name: id }, read);
    });
  }
  return owner(store, versions);
}

async function tell(tx: Transaction, id: string, deleted: boolean, nowMs: number): Promise<OwnedState> {
  const state = await tx.advanceOwned('Company', id, { state: {}, deleted, nowMs });
  await tx.markPublished('Company', id);
  return state;
}

function versionOf(state: OwnedState, versions: VersionKind): object {
  return versions === 'sequence' ? state.version : { sequence: BigInt(Date.parse(state.changedAt)) * 1_000_000n };
}

function owner(store: Store, versions: VersionKind): Promise<readonly BucketDigest[]> {
  return store.transaction((tx) => tx.ownedDigest('Company', { buckets, versions }));
}

function follower(store: Store): Promise<readonly BucketDigest[]> {
  return store.transaction((tx) => tx.replicaDigest(companies, { buckets }));
}

function digestAt(digests: readonly BucketDigest[], index: number): BucketDigest | undefined {
  return digests[index];
}

function sum(digests: readonly BucketDigest[], name: 'live' | 'deleted'): number {
  return digests.reduce((total, digest) => total + digest[name], 0);
}
