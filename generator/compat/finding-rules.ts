/** What a comparison finds besides what its rules say of changes; these can be given a severity like those. */
export const findingRules = [
  'version-not-bumped',
  'version-range-left',
  'waiver-unused',
  'waiver-expired',
  'waiver-invalid',
] as const;
