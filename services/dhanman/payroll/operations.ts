import { randomUUID } from 'node:crypto';
import { ProblemError } from 'seamwright/runtime';
import type { PayrollOperations, PostSalaryReply } from '#generated/dhanman/payroll/server.gen.js';
import type { PayrollService } from '#generated/dhanman/payroll/service.gen.js';
import { once } from '../../shared/idempotency.js';
import { addSalary } from './salaries.js';

/** What payroll answers over HTTP. */
export function payrollOperations(payroll: PayrollService): PayrollOperations {
  return {
    async postSalary({ headers, body }) {
      if (body.net > body.gross) throw new ProblemError(422, { detail: 'net is above gross' });
      const request = { operation: 'postSalary', key: headers.idempotencyKey, content: body };
      return payroll.transaction((tx) =>
        once<PostSalaryReply>(tx, request, async () => {
          const id = randomUUID();
          const added = await addSalary(tx, { ...body, salaryId: id, postedAt: new Date().toISOString() });
          if (!added) throw new ProblemError(409, { detail: `the employee has a salary for ${body.period} already` });
          return { status: 201, body: { id } };
        }),
      );
    },
  };
}
