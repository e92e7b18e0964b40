import type { RemindCustomersJob } from '#generated/commands-jobs-sagas/orders/jobs.gen.js';

/** Reminds everybody who has not paid */
export const remindCustomersJob: RemindCustomersJob = {
  items: () => {
    throw new Error('orders: remind-customers is not written yet');
  },
  key: () => {
    throw new Error('orders: remind-customers is not written yet');
  },
  each: async () => {
    throw new Error('orders: remind-customers is not written yet');
  },
};
