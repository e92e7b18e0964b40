import type { OnSalaryPosted } from '#generated/dhanman/common/consumers.gen.js';

/** post debit 5100 salaries and credit 2200 salaries payable */
export const onSalaryPosted: OnSalaryPosted = async () => {
  throw new Error('common: onSalaryPosted is not written yet');
};
