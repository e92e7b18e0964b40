import type { OnParcelSent } from '#generated/per-service-documents/courier/consumers.gen.js';

/** what courier does with ParcelSent */
export const onParcelSent: OnParcelSent = async () => {
  throw new Error('courier: onParcelSent is not written yet');
};
