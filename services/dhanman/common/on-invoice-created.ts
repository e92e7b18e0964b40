import type { OnInvoiceCreated } from '#generated/dhanman/common/consumers.gen.js';

/** post debit 1200 receivables and credit 4000 revenue */
export const onInvoiceCreated: OnInvoiceCreated = async () => {
  throw new Error('common: onInvoiceCreated is not written yet');
};
