import type { JobJob } from '#generated/hostile-names/sales/jobs.gen.js';

/** *\/ process.exit(1) /* */
export const jobJob: JobJob = {
  items: () => {
    throw new Error('sales: */ `job` is not written yet');
  },
  key: () => {
    throw new Error('sales: */ `job` is not written yet');
  },
  each: async () => {
    throw new Error('sales: */ `job` is not written yet');
  },
};
