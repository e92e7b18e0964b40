import type { OnPaymentReceived } from '#generated/dhanman/common/consumers.gen.js';
import { moveBalance } from './balances.js';
import { account, post } from './ledger.js';

/** The money is in the bank, and the customer owes it no more. */
export const onPaymentReceived: OnPaymentReceived = async ({ event, tx }) => {
  const { paymentId, customerId, amount, currency } = event;
  await post(tx, {
    ...{ referenceType: 'payment', referenceId: paymentId, amount, currency },
    ...{ debit: account.bank, credit: account.receivables },
  });
  await moveBalance(tx, { cause: paymentId, customerId, amountDelta: -amount, currency });
};
