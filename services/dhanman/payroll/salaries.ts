import type { SalaryPostedEvent } from '#generated/dhanman/messages/index.gen.js';
import type { PayrollTransaction } from '#generated/dhanman/payroll/producers.gen.js';

/** Stores a salary and tells of it. False, and nothing done, when the employee has a salary for this month: nobody is paid twice, whoever asks at once. */
export async function addSalary(tx: PayrollTransaction, salary: SalaryPostedEvent): Promise<boolean> {
  const { salaryId, employeeId, period, gross, net, currency, postedAt } = salary;
  const inserted = await tx.query(
    `insert into salaries (id, employee_id, period, gross, net, currency, posted_at) values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (employee_id, period) do nothing returning id`,
    [salaryId, employeeId, period, gross, net, currency, postedAt],
  );
  if (inserted.length === 0) return false;
  await tx.publish.SalaryPostedEvent({ salaryId, employeeId, period, gross, net, currency, postedAt });
  return true;
}
