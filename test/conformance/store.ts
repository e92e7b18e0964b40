import { describe, test } from 'vitest';
import type { OpenStore, Register } from './store/case.js';
import { convergenceCases } from './store/convergence.js';
import { guardCases } from './store/guard.js';
import { hostileCases } from './store/hostile.js';
import { outboxCases } from './store/outbox.js';
import { ownedCases } from './store/owned.js';
import { parkedCases } from './store/parked.js';
import { replicaCases } from './store/replica.js';
import { transactionCases } from './store/transaction.js';

export const storeCases: Readonly<Record<string, (register: Register, open: OpenStore) => void>> = {
  transactions: transactionCases,
  guard: guardCases,
  replicas: replicaCases,
  'owned entities': ownedCases,
  outbox: outboxCases,
  'parked messages': parkedCases,
  convergence: convergenceCases,
  'hostile names and values': hostileCases,
};

/** What every store promises; each member's test file runs it. */
export function storeConformance(name: string, open: OpenStore): void {
  describe(`${name} store`, () => {
    for (const [concern, cases] of Object.entries(storeCases)) describe(concern, () => cases(test, open));
  });
}
