import type { OnCandidateChanged } from '#generated/easyplatform/text-snippet-people/consumers.gen.js';

/** create the employee once per candidate */
export const onCandidateChanged: OnCandidateChanged = async () => {
  throw new Error('text-snippet-people: onCandidateChanged is not written yet');
};
