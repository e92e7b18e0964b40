import type { OrdersTransaction } from '#generated/commands-jobs-sagas/orders/producers.gen.js';
import type { AgreePricePriceLocals } from '#generated/commands-jobs-sagas/orders/sagas.gen.js';

/** what orders does itself in agree-price/price */
export const agreePricePriceSaga: AgreePricePriceLocals<OrdersTransaction> = {
  agreePrice: async () => {
    throw new Error('orders: agreePrice is not written yet');
  },
  forgetPrice: async () => {
    throw new Error('orders: forgetPrice is not written yet');
  },
};
