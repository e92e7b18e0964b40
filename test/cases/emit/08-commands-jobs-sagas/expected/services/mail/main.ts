import { run } from 'seamwright/runtime';
import { createMail } from '#generated/commands-jobs-sagas/mail/service.gen.js';
import { onSendReminder } from './on-send-reminder.js';

/** Broker and store come from SEAMWRIGHT_BROKER_URL and SEAMWRIGHT_DATABASE_URL; without them both are embedded. */
const mail = createMail({ handlers: { onSendReminder } });

// Stops gracefully at SIGTERM and SIGINT: nothing new is taken, what is in flight is finished.
await run(mail);
