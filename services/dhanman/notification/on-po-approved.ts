import type { OnPOApproved } from '#generated/dhanman/notification/consumers.gen.js';
import { owe } from './mails.js';

/** Tells the requester. By the contract's wait, the copy of this user is here before the handler is called. */
export const onPOApproved: OnPOApproved = async ({ event, tx }) => {
  await owe(tx, { template: 'po-approved', referenceId: event.poId, recipient: event.requestedBy });
};
