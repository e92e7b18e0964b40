import type { OnPaymentReceived } from '#generated/dhanman/notification/consumers.gen.js';
import { owe } from './mails.js';

/** Mails the receipt, and remembers that there is nothing to remind of. */
export const onPaymentReceived: OnPaymentReceived = async ({ event, tx }) => {
  const { paymentId, invoiceId, customerId } = event;
  await tx.query('insert into paid_invoices (invoice_id) values ($1) on conflict do nothing', [invoiceId]);
  await owe(tx, { template: 'payment-receipt', referenceId: paymentId, recipient: customerId });
};
