import fc from 'fast-check';
import { expect } from 'vitest';
import type { Incoming, Outcome } from '../../../runtime/guard.js';
import type { Store, Transaction } from '../../../runtime/stores/store.js';
import { histories, visible } from '../../runtime/guard-laws.js';
import type { OpenStore, Register } from './case.js';
import { companies, yieldTurns } from './messages.js';

/** A history of one entity, and an order of delivery in which each message comes at least once. */
const delivery = fc.constantFrom(...histories()).chain((messages) =>
  fc.record({
    messages: fc.constant(messages),
    order: fc
      .array(fc.nat(messages.length - 1), { maxLength: 2 })
      .chain((again) =>
        fc.shuffledSubarray([...messages.keys(), ...again], { minLength: messages.length + again.length }),
      ),
  }),
);

export function convergenceCases(test: Register, open: OpenStore): void {
  test('one by one in any order, with duplicates, the newest message stays', async () => {
    const store = await open();
    await converge(store, async (id, arrivals) => {
      for (const message of arrivals) await store.transaction((tx) => put(tx, id, message));
    });
  });

  test('all at once, with duplicates, the newest message stays', async () => {
    const store = await open();
    await converge(store, async (id, arrivals) => {
      await Promise.all(
        arrivals.map((message, index) =>
          store.transaction(async (tx) => {
            await yieldTurns((index * 7) % 4);
            await put(tx, id, message);
            await yieldTurns((index * 5) % 3);
          }),
        ),
      );
    });
  });
}

async function converge(
  store: Store,
  deliver: (id: string, arrivals: readonly Incoming[]) => Promise<void>,
): Promise<void> {
  let entities = 0;
  await fc.assert(
    fc.asyncProperty(delivery, async ({ messages, order }) => {
      entities += 1;
      const id = `c${entities}`;
      await deliver(
        id,
        order.flatMap((index) => messages[index] ?? []),
      );
      const row = await store.transaction((tx) => tx.getReplica(companies, id));
      expect(row?.name ?? 'gone').toBe(visible(messages.at(-1)));
    }),
    { numRuns: 200 },
  );
}

function put(tx: Transaction, id: string, message: Incoming): Promise<Outcome> {
  return tx.putReplica(companies, id, message.deleted ? null : { name: message.hash }, message);
}
