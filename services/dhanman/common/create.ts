import { createCommonServer } from '#generated/dhanman/common/server.gen.js';
import { type CommonService, createCommon } from '#generated/dhanman/common/service.gen.js';
import { type App, type AppOptions, appOf } from '../../shared/app.js';
import { onBillCreated } from './on-bill-created.js';
import { onInvoiceCreated } from './on-invoice-created.js';
import { onPaymentReceived } from './on-payment-received.js';
import { onPOApproved } from './on-po-approved.js';
import { onSalaryPosted } from './on-salary-posted.js';
import { commonOperations } from './operations.js';
import { prepare } from './schema.js';

/** Customers, users and the ledger. */
export function createCommonApp(options: AppOptions = {}): App<CommonService> {
  const handlers = { onBillCreated, onInvoiceCreated, onPaymentReceived, onPOApproved, onSalaryPosted };
  const common = createCommon({ ...options, handlers, prepare });
  const server = createCommonServer(commonOperations(common), {
    authenticate: 'none',
    service: common,
    ready: common.health,
    ...options,
  });
  return appOf(common, server, options.listen);
}
