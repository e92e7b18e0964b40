import type { OnBatteryLow } from '#generated/alarms/siren/consumers.gen.js';

/** a battery is to be changed */
export const onBatteryLow: OnBatteryLow = async () => {
  throw new Error('siren: onBatteryLow is not written yet');
};
