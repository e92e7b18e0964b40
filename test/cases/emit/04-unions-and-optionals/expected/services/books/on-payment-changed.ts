import type { OnPaymentChanged } from '#generated/unions-and-optionals/books/consumers.gen.js';

/** book it */
export const onPaymentChanged: OnPaymentChanged = async () => {
  throw new Error('books: onPaymentChanged is not written yet');
};
