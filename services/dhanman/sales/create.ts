import { createSalesServer } from '#generated/dhanman/sales/server.gen.js';
import { createSales, type SalesService } from '#generated/dhanman/sales/service.gen.js';
import { type App, type AppOptions, appOf } from '../../shared/app.js';
import { monthlyInvoicesJob } from './monthly-invoices-job.js';
import { salesOperations } from './operations.js';
import { processPaymentSaga } from './process-payment-saga.js';
import { prepare } from './schema.js';

export interface SalesAppOptions extends AppOptions {
  /** How long a person waits for a payment before being told to ask again, in ms. Default 10 s, well within the time that the contract gives the call. */
  readonly paymentWaitMs?: number;
}

/** Invoices and payments. `options.urls` says where customers, residents and the gateway are asked for. */
export function createSalesApp(options: SalesAppOptions = {}): App<SalesService> {
  const sales: SalesService = createSales({
    ...options,
    prepare,
    jobs: { monthlyInvoices: monthlyInvoicesJob(() => sales.clients) },
    sagas: { processPayment: processPaymentSaga },
  });
  const server = createSalesServer(salesOperations(sales, options.paymentWaitMs ?? 10_000), {
    authenticate: 'none',
    service: sales,
    ready: sales.health,
    ...options,
  });
  return appOf(sales, server, options.listen);
}
