import type { OnPayslipIssued } from '#generated/secured/archive/consumers.gen.js';

/** keeps it for ten years */
export const onPayslipIssued: OnPayslipIssued = async () => {
  throw new Error('archive: onPayslipIssued is not written yet');
};
