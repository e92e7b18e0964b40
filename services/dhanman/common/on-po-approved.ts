import type { OnPOApproved } from '#generated/dhanman/common/consumers.gen.js';

/** post debit 1900 budget reserved and credit 2100 payables */
export const onPOApproved: OnPOApproved = async () => {
  throw new Error('common: onPOApproved is not written yet');
};
