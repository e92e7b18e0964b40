import type { StockTransaction } from '#generated/commands-jobs-sagas/stock/producers.gen.js';
import type { AgreePriceLabelLocals } from '#generated/commands-jobs-sagas/stock/sagas.gen.js';

/** what stock does itself in agree-price/label */
export const agreePriceLabelSaga: AgreePriceLabelLocals<StockTransaction> = {
  printLabel: async () => {
    throw new Error('stock: printLabel is not written yet');
  },
};
