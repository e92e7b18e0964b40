import type { OnReserveStock } from '#generated/commands-jobs-sagas/stock/consumers.gen.js';

/** Sets goods aside */
export const onReserveStock: OnReserveStock = async () => {
  throw new Error('stock: onReserveStock is not written yet');
};
