import type { OnSendInvoiceEmail } from '#generated/dhanman/notification/consumers.gen.js';
import { owe } from './mails.js';

/** The same mail that the event of the invoice leads to: whichever comes first, it is owed once. */
export const onSendInvoiceEmail: OnSendInvoiceEmail = async ({ event, tx }) => {
  await owe(tx, { template: event.emailTemplate, referenceId: event.invoiceId, recipient: event.customerId });
};
