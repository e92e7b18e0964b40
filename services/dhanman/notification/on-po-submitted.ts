import type { OnPOSubmitted } from '#generated/dhanman/notification/consumers.gen.js';
import { owe } from './mails.js';

/** Asks every approver, the lone manager below the limit too: whoever has to approve has to hear of it. */
export const onPOSubmitted: OnPOSubmitted = async ({ event, tx }) => {
  for (const role of event.approvers) {
    await owe(tx, { template: 'po-approval-required', referenceId: event.poId, recipient: role });
  }
};
