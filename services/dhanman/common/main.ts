import { run } from 'seamwright/runtime';
import { createCommon } from '#generated/dhanman/common/service.gen.js';
import { onBillCreated } from './on-bill-created.js';
import { onInvoiceCreated } from './on-invoice-created.js';
import { onPOApproved } from './on-po-approved.js';
import { onSalaryPosted } from './on-salary-posted.js';

/** Broker and store come from SEAMWRIGHT_BROKER_URL and SEAMWRIGHT_DATABASE_URL; without them both are embedded. */
const common = createCommon({ handlers: { onBillCreated, onInvoiceCreated, onPOApproved, onSalaryPosted } });

// Stops gracefully at SIGTERM and SIGINT: nothing new is taken, what is in flight is finished.
await run(common);
