import type { SalesTransaction } from '#generated/hostile-names/sales/producers.gen.js';
import type { Constructor1Locals } from '#generated/hostile-names/sales/sagas.gen.js';

/** *\/ process.exit(1) /* */
export const constructor1Saga: Constructor1Locals<SalesTransaction> = {
  'it\'s */ `${1}`': async () => {
    throw new Error('sales: it\'s */ `${1}` is not written yet');
  },
  ['__proto__']: async () => {
    throw new Error('sales: __proto__ is not written yet');
  },
};
