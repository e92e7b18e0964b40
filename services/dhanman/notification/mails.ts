import type { NotificationTransaction } from '#generated/dhanman/notification/producers.gen.js';

/** A mail that has to go out. */
export interface Mail {
  readonly template:
    | 'invoice-created'
    | 'payment-receipt'
    | 'payment-reminder'
    | 'payslip'
    | 'po-approval-required'
    | 'po-approved';
  /** Id of the invoice, payment, salary or order that the mail is about. */
  readonly referenceId: string;
  /** Id of a customer, employee or user, or the name of a role. The address is looked up when the mail is handed over, so that the newest one is used. */
  readonly recipient: string;
}

/**
 * Takes down that a mail is owed; it is handed over to the relay outside the transaction. Nothing happens when it was owed before: nobody gets the
 * same mail twice.
 */
export async function owe(tx: NotificationTransaction, { template, referenceId, recipient }: Mail): Promise<void> {
  await tx.query(
    `insert into mails (template, reference_id, recipient) values ($1, $2, $3)
     on conflict (template, reference_id, recipient) do nothing`,
    [template, referenceId, recipient],
  );
}
