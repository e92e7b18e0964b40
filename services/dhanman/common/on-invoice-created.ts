import type { OnInvoiceCreated } from '#generated/dhanman/common/consumers.gen.js';
import { account, post } from './ledger.js';

/** The customer owes us what we have earned. */
export const onInvoiceCreated: OnInvoiceCreated = async ({ event, tx }) => {
  await post(tx, {
    referenceType: 'invoice',
    referenceId: event.invoiceId,
    debit: account.receivables,
    credit: account.revenue,
    amount: event.amount,
    currency: event.currency,
  });
};
