import { RejectMessageError } from 'seamwright/runtime';
import type { CommonTransaction } from '#generated/dhanman/common/producers.gen.js';

/** The chart of accounts, by the codes that the contracts name. */
export const account = {
  receivables: '1200',
  budgetReserved: '1900',
  payables: '2100',
  salariesPayable: '2200',
  revenue: '4000',
  expenses: '5000',
  salaries: '5100',
} as const;

export type AccountCode = (typeof account)[keyof typeof account];

/** One amount that moves between two accounts. With one amount for both sides, no posting can be out of balance. */
export interface Posting {
  readonly referenceType: 'invoice' | 'bill' | 'salary' | 'purchase-order';
  /** Id of what is posted; each is posted once. */
  readonly referenceId: string;
  readonly debit: AccountCode;
  readonly credit: AccountCode;
  /** Minor units of `currency`, above 0. */
  readonly amount: number;
  readonly currency: string;
}

/**
 * Writes both sides of a posting, or neither. Posting the same again does nothing; rejects with `RejectMessageError` when another amount was posted under
 * this reference, which no retry can mend.
 */
export async function post(tx: CommonTransaction, posting: Posting): Promise<void> {
  const { referenceType, referenceId, debit, credit, amount, currency } = posting;
  const written = await tx.query(
    `insert into ledger_entries (reference_type, reference_id, account_code, type, amount, currency)
     values ($1, $2, $3, 'debit', $5, $6), ($1, $2, $4, 'credit', $5, $6)
     on conflict (reference_type, reference_id, account_code, type) do nothing
     returning id`,
    [referenceType, referenceId, debit, credit, amount, currency],
  );
  if (written.length === 2) return;
  const same = await tx.query(
    `select id from ledger_entries where reference_type = $1 and reference_id = $2 and amount = $3 and currency = $4
     and (account_code, type) in (($5, 'debit'), ($6, 'credit'))`,
    [referenceType, referenceId, amount, currency, debit, credit],
  );
  if (same.length !== 2) throw new RejectMessageError(`${referenceType} ${referenceId} was posted with other figures`);
}
