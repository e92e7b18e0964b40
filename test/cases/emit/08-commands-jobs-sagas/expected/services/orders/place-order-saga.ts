import type { OrdersTransaction } from '#generated/commands-jobs-sagas/orders/producers.gen.js';
import type { PlaceOrderLocals } from '#generated/commands-jobs-sagas/orders/sagas.gen.js';

/** Charges a card and sets the goods aside */
export const placeOrderSaga: PlaceOrderLocals<OrdersTransaction> = {
  loadOrder: async () => {
    throw new Error('orders: loadOrder is not written yet');
  },
  confirmOrder: async () => {
    throw new Error('orders: confirmOrder is not written yet');
  },
  rememberCustomer: async () => {
    throw new Error('orders: rememberCustomer is not written yet');
  },
};
