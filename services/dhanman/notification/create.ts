import { createServer } from 'seamwright/runtime';
import { createNotification, type NotificationService } from '#generated/dhanman/notification/service.gen.js';
import { type App, type AppOptions, appOf } from '../../shared/app.js';
import { onInvoiceCreated } from './on-invoice-created.js';
import { onPaymentReceived } from './on-payment-received.js';
import { onPOApproved } from './on-po-approved.js';
import { onPOSubmitted } from './on-po-submitted.js';
import { onSalaryPosted } from './on-salary-posted.js';
import { onSendInvoiceEmail } from './on-send-invoice-email.js';
import { onSendPaymentReminder } from './on-send-payment-reminder.js';
import { prepare } from './schema.js';

/** Owes mails. */
export function createNotificationApp(options: AppOptions = {}): App<NotificationService> {
  const handlers = {
    ...{ onInvoiceCreated, onPaymentReceived, onPOApproved, onPOSubmitted, onSalaryPosted },
    ...{ onSendInvoiceEmail, onSendPaymentReminder },
  };
  const notification = createNotification({ ...options, handlers, prepare });
  // It has no operations; the server says that it is alive.
  const server = createServer(
    { service: 'notification', basePath: '', operations: [] },
    {},
    { ready: notification.health },
  );
  return appOf(notification, server, options.listen);
}
