import type { OnPOSubmitted } from '#generated/dhanman/notification/consumers.gen.js';

/** owe the mail po-approval-required to every approver */
export const onPOSubmitted: OnPOSubmitted = async () => {
  throw new Error('notification: onPOSubmitted is not written yet');
};
