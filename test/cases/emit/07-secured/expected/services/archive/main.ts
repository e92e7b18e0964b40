import { run } from 'seamwright/runtime';
import { createArchive } from '#generated/secured/archive/service.gen.js';
import { onPayslipIssued } from './on-payslip-issued.js';

/** Broker and store come from SEAMWRIGHT_BROKER_URL and SEAMWRIGHT_DATABASE_URL; without them both are embedded. */
const archive = createArchive({ handlers: { onPayslipIssued } });

// Stops gracefully at SIGTERM and SIGINT: nothing new is taken, what is in flight is finished.
await run(archive);
