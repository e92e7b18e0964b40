import type { OnSalaryPosted } from '#generated/dhanman/notification/consumers.gen.js';
import { owe } from './mails.js';

/** Sends the payslip to the employee. */
export const onSalaryPosted: OnSalaryPosted = async ({ event, tx }) => {
  await owe(tx, { template: 'payslip', referenceId: event.salaryId, recipient: event.employeeId });
};
