import type { OnReminderSent } from '#generated/commands-jobs-sagas/orders/consumers.gen.js';

/** what orders does with the answer ReminderSent */
export const onReminderSent: OnReminderSent = async () => {
  throw new Error('orders: onReminderSent is not written yet');
};
