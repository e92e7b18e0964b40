import { run } from 'seamwright/runtime';
import { createNotification } from '#generated/dhanman/notification/service.gen.js';
import { onInvoiceCreated } from './on-invoice-created.js';
import { onPOApproved } from './on-po-approved.js';
import { onPOSubmitted } from './on-po-submitted.js';
import { onSalaryPosted } from './on-salary-posted.js';

/** Broker and store come from SEAMWRIGHT_BROKER_URL and SEAMWRIGHT_DATABASE_URL; without them both are embedded. */
const notification = createNotification({
  handlers: { onInvoiceCreated, onPOApproved, onPOSubmitted, onSalaryPosted },
});

// Stops gracefully at SIGTERM and SIGINT: nothing new is taken, what is in flight is finished.
await run(notification);
