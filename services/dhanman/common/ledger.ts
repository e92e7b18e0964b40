import { RejectMessageError } from 'seamwright/runtime';
import type { CommonTransaction } from '#generated/dhanman/common/producers.gen.js';

/** The chart of accounts, by the codes that the contracts name. */
export const account = {
  bank: '1000',
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
  readonly referenceType: 'invoice' | 'bill' | 'salary' | 'purchase-order' | 'payment';
  /** Id of what is posted; each is posted once. */
  readonly referenceId: string;
  readonly debit: AccountCode;
  readonly credit: AccountCode;
  /** Minor units of `currency`, above 0. */
  readonly amount: number;
  readonly currency: string;
}

/**
 * Writes both sides of a posting, or neither. Posting the same again does nothing; rejects with `RejectMessageError` when this reference was posted with
 * another amount or to other accounts, which no retry can mend.
 */
export async function post(tx: CommonTransaction, posting: Posting): Promise<void> {
  const { referenceType, referenceId, debit, credit, amount, currency } = posting;
  const values = [referenceType, referenceId, debit, credit, amount, currency];
  await tx.query(
    `insert into ledger_entries (reference_type, reference_id, account_code, type, amount, currency)
     values ($1, $2, $3, 'debit', $5, $6), ($1, $2, $4, 'credit', $5, $6)
     on conflict (reference_type, reference_id, account_code, type) do nothing`,
    values,
  );
  // Both sides are there now. Anything that differs comes from another posting of the same reference, and would put it out of balance.
  const others = await tx.query(
    `select id from ledger_entries where reference_type = $1 and reference_id = $2
     and not (amount = $5 and currency = $6 and (account_code, type) in (($3, 'debit'), ($4, 'credit')))`,
    values,
  );
  if (others.length > 0) throw new RejectMessageError(`${referenceType} ${referenceId} was posted with other figures`);
}
