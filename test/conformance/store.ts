import { describe } from 'vitest';
import type { Store } from '../../runtime/stores/store.js';
import { guardCases } from './store/guard.js';
import { hostileCases } from './store/hostile.js';
import { outboxCases } from './store/outbox.js';
import { ownedCases } from './store/owned.js';
import { parkedCases } from './store/parked.js';
import { replicaCases } from './store/replica.js';
import { transactionCases } from './store/transaction.js';

/** A member under test; `open` answers an empty store with the tables of `messages.ts` prepared. */
export interface StoreMember {
  readonly name: string;
  open(): Promise<Store>;
}

/** What every store promises; each member's test file runs it. */
export function storeConformance(member: StoreMember): void {
  describe(`${member.name} store`, () => {
    describe('transactions', () => transactionCases(member));
    describe('guard', () => guardCases(member));
    describe('replicas', () => replicaCases(member));
    describe('owned entities', () => ownedCases(member));
    describe('outbox', () => outboxCases(member));
    describe('parked messages', () => parkedCases(member));
    describe('hostile names and values', () => hostileCases(member));
  });
}
