import { createPayrollServer } from '#generated/dhanman/payroll/server.gen.js';
import { createPayroll, type PayrollService } from '#generated/dhanman/payroll/service.gen.js';
import { type App, type AppOptions, appOf } from '../../shared/app.js';
import { payrollOperations } from './operations.js';
import { prepare } from './schema.js';

/** Salaries. */
export function createPayrollApp(options: AppOptions = {}): App<PayrollService> {
  const payroll = createPayroll({ ...options, prepare });
  const server = createPayrollServer(payrollOperations(), {
    authenticate: 'none',
    service: payroll,
    ready: payroll.health,
    ...options,
  });
  return appOf(payroll, server, options.listen);
}
