import type { OnParcelDelivered } from '#generated/per-service-documents/depot/consumers.gen.js';

/** what depot does with ParcelDelivered */
export const onParcelDelivered: OnParcelDelivered = async () => {
  throw new Error('depot: onParcelDelivered is not written yet');
};
