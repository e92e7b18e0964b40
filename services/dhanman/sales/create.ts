import { createSalesServer } from '#generated/dhanman/sales/server.gen.js';
import { createSales, type SalesService } from '#generated/dhanman/sales/service.gen.js';
import { type App, type AppOptions, appOf } from '../../shared/app.js';
import { salesOperations } from './operations.js';
import { prepare } from './schema.js';

/** Invoices. `options.urls.common` says where customers are asked for. */
export function createSalesApp(options: AppOptions = {}): App<SalesService> {
  const sales = createSales({ ...options, prepare });
  const server = createSalesServer(salesOperations(sales), {
    authenticate: 'none',
    service: sales,
    ready: sales.health,
    ...options,
  });
  return appOf(sales, server, options.listen);
}
