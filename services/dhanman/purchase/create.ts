import { createPurchaseServer } from '#generated/dhanman/purchase/server.gen.js';
import { createPurchase, type PurchaseService } from '#generated/dhanman/purchase/service.gen.js';
import { type App, type AppOptions, appOf } from '../../shared/app.js';
import { type PurchaseCaller, purchaseOperations } from './operations.js';
import { prepare } from './schema.js';

/** Purchase orders and bills of vendors. */
export function createPurchaseApp(options: AppOptions<PurchaseCaller> = {}): App<PurchaseService> {
  const purchase = createPurchase({ ...options, prepare });
  const server = createPurchaseServer(purchaseOperations(), {
    authenticate: 'none',
    service: purchase,
    ready: purchase.health,
    ...options,
  });
  return appOf(purchase, server, options.listen);
}
