import type { OnSalaryPosted } from '#generated/dhanman/common/consumers.gen.js';
import { account, post } from './ledger.js';

/** Both sides take the gross amount: what is withheld is owed as well, only to somebody else than the employee. */
export const onSalaryPosted: OnSalaryPosted = async ({ event, tx }) => {
  await post(tx, {
    referenceType: 'salary',
    referenceId: event.salaryId,
    debit: account.salaries,
    credit: account.salariesPayable,
    amount: event.gross,
    currency: event.currency,
  });
};
