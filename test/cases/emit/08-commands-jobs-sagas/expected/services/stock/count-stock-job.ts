import type { CountStockJob } from '#generated/commands-jobs-sagas/stock/jobs.gen.js';

/** what stock does at *\/5 * * * * */
export const countStockJob: CountStockJob = async () => {
  throw new Error('stock: count-stock is not written yet');
};
