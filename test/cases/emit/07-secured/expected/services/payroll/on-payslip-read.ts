import type { OnPayslipRead } from '#generated/secured/payroll/consumers.gen.js';

/** counts */
export const onPayslipRead: OnPayslipRead = async () => {
  throw new Error('payroll: onPayslipRead is not written yet');
};
