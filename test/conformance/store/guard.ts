import { expect } from 'vitest';
import type { Incoming, Outcome } from '../../../runtime/guard.js';
import type { OpenStore, Register } from './case.js';
import { incoming, yieldTurns } from './messages.js';

export function guardCases(test: Register, open: OpenStore): void {
  /** Feeds the messages to one guard row, one transaction each. */
  async function outcomes(...messages: readonly Incoming[]): Promise<readonly Outcome[]> {
    const store = await open();
    const decided: Outcome[] = [];
    for (const message of messages) {
      const peeked = await store.transaction((tx) => tx.peekGuard('c', 'Employee', 'e1', message));
      decided.push(await store.transaction((tx) => tx.advanceGuard('c', 'Employee', 'e1', message)));
      expect(peeked).toBe(decided.at(-1));
    }
    return decided;
  }

  const table: readonly (readonly [string, readonly Incoming[], readonly Outcome[]])[] = [
    ['newer, older, equal', [incoming(2), incoming(1), incoming(2)], ['applied', 'stale', 'duplicate']],
    ['equal but different', [incoming(1), incoming(1, { hash: 'other' })], ['applied', 'conflict']],
    [
      'equal but different, forced',
      [incoming(1), incoming(1, { hash: 'other', force: true })],
      ['applied', 'conflict'],
    ],
    [
      'forced',
      [incoming(2), incoming(2, { force: true }), incoming(1, { force: true })],
      ['applied', 'reapplied', 'stale'],
    ],
    ['forced beyond a gap', [incoming(1), incoming(9, { previousSequence: 8n, force: true })], ['applied', 'applied']],
    [
      'a state beyond a gap',
      [incoming(1), incoming(9, { previousSequence: 8n }), incoming(8)],
      ['applied', 'gap', 'stale'],
    ],
    [
      'a delta beyond a gap is held until its predecessor came',
      [
        incoming(1, { carries: 'delta' }),
        incoming(3, { carries: 'delta', previousSequence: 2n }),
        incoming(2, { carries: 'delta', previousSequence: 1n }),
        incoming(3, { carries: 'delta', previousSequence: 2n }),
      ],
      ['applied', 'gap', 'applied', 'applied'],
    ],
    [
      'a first delta with a predecessor is held',
      [
        incoming(5, { carries: 'delta', previousSequence: 4n }),
        incoming(4, { carries: 'delta', previousSequence: 0n }),
      ],
      ['gap', 'applied'],
    ],
    [
      'a forced delta never counts twice',
      [incoming(1, { carries: 'delta' }), incoming(1, { carries: 'delta', force: true })],
      ['applied', 'duplicate'],
    ],
    ['a new generation', [incoming(9), incoming(1, { epoch: 1 }), incoming(10)], ['applied', 'applied', 'stale']],
    [
      'ties',
      [incoming(1, { tie: 'b' }), incoming(1, { tie: 'a' }), incoming(1, { tie: 'c' })],
      ['applied', 'stale', 'applied'],
    ],
    [
      'no tie-breaker',
      [incoming(1, { equalApplies: true }), incoming(1, { equalApplies: true, hash: 'x' })],
      ['applied', 'reapplied'],
    ],
    [
      'a forced message keeps the greater tie',
      [
        incoming(1, { tie: 'm' }),
        incoming(1, { tie: 'a', force: true }),
        incoming(1, { tie: 'l' }),
        incoming(1, { tie: 'n' }),
      ],
      ['applied', 'reapplied', 'stale', 'applied'],
    ],
    ['a deletion first', [incoming(3, { deleted: true }), incoming(2), incoming(4)], ['applied', 'stale', 'applied']],
    ['large versions', [incoming(2n ** 63n - 1n), incoming(2n ** 62n), incoming(-1)], ['applied', 'stale', 'stale']],
  ];
  for (const [name, messages, expected] of table) {
    test(name, async () => expect(await outcomes(...messages)).toEqual(expected));
  }

  test('ties follow code points, not UTF-16 units', async () => {
    expect(
      await outcomes(incoming(1, { tie: '\uff5e' }), incoming(1, { tie: '😀' }), incoming(1, { tie: '\uff5f' })),
    ).toEqual(['applied', 'applied', 'stale']);
  });

  test('a version that no column holds is refused for good', async () => {
    const store = await open();
    for (const bad of [
      incoming(2n ** 63n),
      incoming(1, { epoch: 0.5 }),
      incoming(1, { previousSequence: 2n ** 64n }),
    ]) {
      const refused = store.transaction((tx) => tx.advanceGuard('c', 'Employee', 'e1', bad));
      await expect(refused).rejects.toMatchObject({ code: 'rejected', retriable: false });
    }
  });

  test('rows of different consumers, entities and ids do not meet', async () => {
    const store = await open();
    const places: readonly (readonly [string, string, string])[] = [
      ['a', 'b', 'c'],
      ['a', 'c', 'b'],
      ['b', 'a', 'c'],
      ['a,b', '', 'c'],
    ];
    for (const [consumer, entity, id] of places) {
      const outcome = await store.transaction((tx) => tx.advanceGuard(consumer, entity, id, incoming(1)));
      expect(outcome).toBe('applied');
    }
  });

  test('the guard row is held: of transactions at once, each version advances it once and the newest stays', async () => {
    const store = await open();
    const versions = [3, 1, 4, 2, 4, 1];
    const decided = await Promise.all(
      versions.map((version, index) =>
        store.transaction(async (tx) => {
          await yieldTurns(index % 3);
          const outcome = await tx.advanceGuard('c', 'Employee', 'e1', incoming(version));
          await yieldTurns(5 - index);
          return outcome;
        }),
      ),
    );
    expect(decided.filter((_, index) => versions[index] === 4).sort()).toEqual(['applied', 'duplicate']);
    expect(await store.transaction((tx) => tx.peekGuard('c', 'Employee', 'e1', incoming(4)))).toBe('duplicate');
  });

  test('an advance that is rolled back never happened', async () => {
    const store = await open();
    const failed = store.transaction(async (tx) => {
      await tx.advanceGuard('c', 'Employee', 'e1', incoming(5));
      await yieldTurns(5);
      throw new Error('handler failed');
    });
    const waiting = store.transaction((tx) => tx.advanceGuard('c', 'Employee', 'e1', incoming(4)));
    await expect(failed).rejects.toThrow('handler failed');
    expect(await waiting).toBe('applied');
  });
}
