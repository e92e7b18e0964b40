import type { OnAlarmRaised } from '#generated/alarms/siren/consumers.gen.js';

/** somebody must act */
export const onAlarmRaised: OnAlarmRaised = async () => {
  throw new Error('siren: onAlarmRaised is not written yet');
};
