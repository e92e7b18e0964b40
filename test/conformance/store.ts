import { describe, test } from 'vitest';
import { batchCases } from './store/batch.js';
import type { OpenStore, Register } from './store/case.js';
import { convergenceCases } from './store/convergence.js';
import { digestCases } from './store/digest.js';
import { guardCases } from './store/guard.js';
import { hostileCases } from './store/hostile.js';
import { lookCases } from './store/look.js';
import { noteCases } from './store/note.js';
import { outboxCases } from './store/outbox.js';
import { ownedCases } from './store/owned.js';
import { parkedCases } from './store/parked.js';
import { purgeCases } from './store/purge.js';
import { replicaCases } from './store/replica.js';
import { replyCases } from './store/reply.js';
import { sagaCases } from './store/saga.js';
import { transactionCases } from './store/transaction.js';

export const storeCases: Readonly<Record<string, (register: Register, open: OpenStore) => void>> = {
  transactions: transactionCases,
  guard: guardCases,
  replicas: replicaCases,
  batches: batchCases,
  'owned entities': ownedCases,
  outbox: outboxCases,
  'parked messages': parkedCases,
  looks: lookCases,
  digests: digestCases,
  'notes and tried locks': noteCases,
  'kept replies': replyCases,
  'runs of sagas': sagaCases,
  purge: purgeCases,
  convergence: convergenceCases,
  'hostile names and values': hostileCases,
};

/** What every store promises; each member's test file runs it. */
export function storeConformance(name: string, open: OpenStore): void {
  describe(`${name} store`, () => {
    for (const [concern, cases] of Object.entries(storeCases)) describe(concern, () => cases(test, open));
  });
}
