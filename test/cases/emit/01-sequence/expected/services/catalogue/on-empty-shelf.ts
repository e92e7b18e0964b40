import type { OnEmptyShelf } from '#generated/sequence/catalogue/consumers.gen.js';

/** order more */
export const onEmptyShelf: OnEmptyShelf = async () => {
  throw new Error('catalogue: onEmptyShelf is not written yet');
};
