import type { OnInvoiceCreated } from '#generated/dhanman/notification/consumers.gen.js';
import { owe } from './mails.js';

/** Mails an invoice; a command may have asked for it before. */
export const onInvoiceCreated: OnInvoiceCreated = async ({ event, tx }) => {
  await owe(tx, { template: 'invoice-created', referenceId: event.invoiceId, recipient: event.customerId });
};
