import type { OnInvoiceCreated } from '#generated/dhanman/notification/consumers.gen.js';
import { owe } from './mails.js';

/** The only thing that mails an invoice; there is no command for it. */
export const onInvoiceCreated: OnInvoiceCreated = async ({ event, tx }) => {
  await owe(tx, { template: 'invoice-created', referenceId: event.invoiceId, recipient: event.customerId });
};
