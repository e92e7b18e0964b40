import type { OnBillCreated } from '#generated/dhanman/common/consumers.gen.js';

/** post debit 5000 expenses and credit 2100 payables */
export const onBillCreated: OnBillCreated = async () => {
  throw new Error('common: onBillCreated is not written yet');
};
