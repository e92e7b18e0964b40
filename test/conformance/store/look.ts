import { expect } from 'vitest';
import type { ParkedEntry } from '../../../runtime/stores/store.js';
import type { OpenStore, Register } from './case.js';
import { companies, incoming, outboxMessage, parkedMessage } from './messages.js';

/** What an operator asks of a store. */
export function lookCases(test: Register, open: OpenStore): void {
  const ids = (entries: readonly ParkedEntry[]) =>
    entries.map(({ consumer, messageId, ready }) => `${consumer} ${messageId}${ready ? ' ready' : ''}`);

  test('parked messages are found by their entity and by what they wait for, whoever parked them', async () => {
    const store = await open();
    const late = { ...parkedMessage({ consumer: 'b', messageId: 'm1', parkedAt: 900 }) };
    const other = parkedMessage({ entityId: 'e2', messageId: 'm3', dependency: { entity: 'Company', id: 'c2' } });
    await store.transaction(async (tx) => {
      for (const message of [parkedMessage({ consumer: 'a' }), late, other]) await tx.park(message);
      await tx.releaseParked({ entity: 'Company', id: 'c2' });
    });
    const looks = await store.transaction(async (tx) => [
      await tx.parkedOf('Employee', 'e1'),
      await tx.parkedFor({ entity: 'Company', id: 'c1' }),
      await tx.parkedOf('Employee', 'e2'),
      await tx.parkedFor({ entity: 'Company', id: 'c2' }),
      await tx.parkedOf('Company', 'e1'),
      await tx.parkedFor({ entity: 'Employee', id: 'c1' }),
    ]);
    expect(looks.map(ids)).toEqual([
      ['b m1', 'a m1'],
      ['b m1', 'a m1'],
      ['surveys.Employee m3 ready'],
      ['surveys.Employee m3 ready'],
      [],
      [],
    ]);
    expect(looks[0]?.[0]).toEqual({ ...late, ready: false });
  });

  test('all that is parked is listed oldest first, page by page, of all consumers or of one', async () => {
    const store = await open();
    const parked = [5, 3, 3, 9, 3].map((parkedAt, index) =>
      parkedMessage({ parkedAt, entityId: `e${index}`, consumer: index === 3 ? 'other' : 'mine' }),
    );
    await store.transaction(async (tx) => {
      for (const message of parked) await tx.park(message);
    });
    const read = async (consumer?: string): Promise<readonly string[]> => {
      const found: string[] = [];
      for (let after: ParkedEntry | undefined; ; ) {
        const page = await store.transaction((tx) =>
          tx.listParked({ limit: 2, ...(consumer !== undefined && { consumer }), ...(after && { after }) }),
        );
        found.push(...page.map(({ entityId }) => entityId));
        after = page.at(-1);
        if (after === undefined) return found;
        expect(page.length).toBeLessThanOrEqual(2);
      }
    };
    expect(await read()).toEqual(['e1', 'e2', 'e4', 'e0', 'e3']);
    expect(await read('mine')).toEqual(['e1', 'e2', 'e4', 'e0']);
    expect(await read('nobody')).toEqual([]);
  });

  test('the outbox shows what waits under a key, oldest first', async () => {
    const store = await open();
    const [a, b, c] = [outboxMessage('m2', 'k'), outboxMessage('m3', 'other'), outboxMessage('m1', 'k', 9000)];
    await store.transaction((tx) => tx.appendOutbox([a, b, c]));
    const look = (key: string, limit = 10) => store.transaction((tx) => tx.outboxOf(key, limit));
    expect(await look('k')).toEqual([a, c]);
    expect(await look('k', 1)).toEqual([a]);
    expect(await look('nothing')).toEqual([]);
  });

  test('versions and claims are shown as they are kept', async () => {
    const store = await open();
    const version = { epoch: 1, sequence: 2n ** 62n, tie: 't' };
    const message = incoming(2n ** 62n, { epoch: 1, tie: 't', hash: 'h' });
    await store.transaction(async (tx) => {
      await tx.putReplica(companies, 'c1', null, message);
      await tx.advanceGuard('c', 'Company', 'c1', message);
      await tx.claim('c', 'm1');
      expect(await tx.replicaVersion(companies, 'c1')).toEqual({ version, hash: 'h', deleted: true });
      expect(await tx.guardVersion('c', 'Company', 'c1')).toEqual({ version, hash: 'h', deleted: false });
      expect(await tx.replicaVersion(companies, 'c2')).toBeUndefined();
      expect(await tx.guardVersion('c', 'c1', 'Company')).toBeUndefined();
      expect([await tx.claimed('c', 'm1'), await tx.claimed('d', 'm1'), await tx.claimed('c', 'm2')]).toEqual([
        true,
        false,
        false,
      ]);
      expect(await tx.claim('c', 'm2')).toBe(true);
    });
  });
}
