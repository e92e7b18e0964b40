import type { OnInvoiceCreated } from '#generated/dhanman/notification/consumers.gen.js';

/** owe the mail invoice-created */
export const onInvoiceCreated: OnInvoiceCreated = async () => {
  throw new Error('notification: onInvoiceCreated is not written yet');
};
