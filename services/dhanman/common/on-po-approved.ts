import type { OnPOApproved } from '#generated/dhanman/common/consumers.gen.js';
import { account, post } from './ledger.js';

/** The approval reserves the budget. Both sides are written here: the bill that comes later is a posting of its own. */
export const onPOApproved: OnPOApproved = async ({ event, tx }) => {
  await post(tx, {
    referenceType: 'purchase-order',
    referenceId: event.poId,
    debit: account.budgetReserved,
    credit: account.payables,
    amount: event.amount,
    currency: event.currency,
  });
};
