import type { OnSalaryPosted } from '#generated/dhanman/notification/consumers.gen.js';

/** owe the mail payslip */
export const onSalaryPosted: OnSalaryPosted = async () => {
  throw new Error('notification: onSalaryPosted is not written yet');
};
