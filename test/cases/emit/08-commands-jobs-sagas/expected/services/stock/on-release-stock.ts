import type { OnReleaseStock } from '#generated/commands-jobs-sagas/stock/consumers.gen.js';

/** how stock carries out ReleaseStock */
export const onReleaseStock: OnReleaseStock = async () => {
  throw new Error('stock: onReleaseStock is not written yet');
};
