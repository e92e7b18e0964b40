import type { OnSend1 } from '#generated/hostile-names/store/consumers.gen.js';

/** *\/ process.exit(1) /* */
export const onSend1: OnSend1 = async () => {
  throw new Error('store: onSend1 is not written yet');
};
