import { run } from 'seamwright/runtime';
import { createPayroll } from '#generated/secured/payroll/service.gen.js';
import { onPayslipRead } from './on-payslip-read.js';

/** Broker and store come from SEAMWRIGHT_BROKER_URL and SEAMWRIGHT_DATABASE_URL; without them both are embedded. */
const payroll = createPayroll({ handlers: { onPayslipRead } });

// Stops gracefully at SIGTERM and SIGINT: nothing new is taken, what is in flight is finished.
await run(payroll);
