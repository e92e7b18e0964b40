import type { OnSendReminder } from '#generated/commands-jobs-sagas/mail/consumers.gen.js';

/** Reminds a customer of an order that is not paid */
export const onSendReminder: OnSendReminder = async () => {
  throw new Error('mail: onSendReminder is not written yet');
};
