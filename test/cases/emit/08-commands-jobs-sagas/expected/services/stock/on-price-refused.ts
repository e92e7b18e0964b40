import type { OnPriceRefused } from '#generated/commands-jobs-sagas/stock/consumers.gen.js';

/** what stock does with PriceRefused */
export const onPriceRefused: OnPriceRefused = async () => {
  throw new Error('stock: onPriceRefused is not written yet');
};
