import type { OnBillCreated } from '#generated/dhanman/common/consumers.gen.js';
import { account, post } from './ledger.js';

/** We owe the vendor what we have spent. */
export const onBillCreated: OnBillCreated = async ({ event, tx }) => {
  await post(tx, {
    referenceType: 'bill',
    referenceId: event.billId,
    debit: account.expenses,
    credit: account.payables,
    amount: event.amount,
    currency: event.currency,
  });
};
