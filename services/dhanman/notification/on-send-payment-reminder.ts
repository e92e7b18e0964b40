import type { OnSendPaymentReminder } from '#generated/dhanman/notification/consumers.gen.js';
import { owe } from './mails.js';

/** Comes three days before the invoice is due. Whoever has paid by then is left alone. */
export const onSendPaymentReminder: OnSendPaymentReminder = async ({ event, tx }) => {
  const { invoiceId, customerId } = event;
  const paid = await tx.query('select invoice_id from paid_invoices where invoice_id = $1', [invoiceId]);
  if (paid.length > 0) return;
  await owe(tx, { template: 'payment-reminder', referenceId: invoiceId, recipient: customerId });
};
