import { randomUUID } from 'node:crypto';
import { ProblemError } from 'seamwright/runtime';
import type { PayrollOperations } from '#generated/dhanman/payroll/server.gen.js';
import { addSalary } from './salaries.js';

/** What payroll answers over HTTP. */
export function payrollOperations(): PayrollOperations {
  return {
    async postSalary({ body, once }) {
      if (body.net > body.gross) throw new ProblemError(422, { detail: 'net is above gross' });
      return once(async (tx) => {
        const id = randomUUID();
        const added = await addSalary(tx, { ...body, salaryId: id, postedAt: new Date().toISOString() });
        if (!added) throw new ProblemError(409, { detail: `the employee has a salary for ${body.period} already` });
        return { status: 201, body: { id } };
      });
    },
  };
}
