import type { OnPOApproved } from '#generated/dhanman/notification/consumers.gen.js';

/** owe the mail po-approved to the requester */
export const onPOApproved: OnPOApproved = async () => {
  throw new Error('notification: onPOApproved is not written yet');
};
