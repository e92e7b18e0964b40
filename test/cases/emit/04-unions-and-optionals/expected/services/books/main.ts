import { run } from 'seamwright/runtime';
import { createBooks } from '#generated/unions-and-optionals/books/service.gen.js';
import { onPaymentChanged } from './on-payment-changed.js';

/** Broker and store come from SEAMWRIGHT_BROKER_URL and SEAMWRIGHT_DATABASE_URL; without them both are embedded. */
const books = createBooks({ handlers: { onPaymentChanged } });

// Stops gracefully at SIGTERM and SIGINT: nothing new is taken, what is in flight is finished.
await run(books);
