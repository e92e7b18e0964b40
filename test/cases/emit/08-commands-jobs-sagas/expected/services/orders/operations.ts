import type { OrdersOperations } from '#generated/commands-jobs-sagas/orders/server.gen.js';
import type { OrdersService } from '#generated/commands-jobs-sagas/orders/service.gen.js';

/** What orders answers. The service is there for its transactions and copies. */
export function ordersOperations(_service: OrdersService): OrdersOperations {
  return {
    placeOrder: async () => {
      throw new Error('orders: placeOrder is not written yet');
    },
  };
}
