import type { OnTemperatureRead } from '#generated/alarms/board/consumers.gen.js';

/** what the board shows */
export const onTemperatureRead: OnTemperatureRead = async () => {
  throw new Error('board: onTemperatureRead is not written yet');
};
