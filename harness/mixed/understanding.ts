/** Promise that only two revisions together can break. */
export const understanding = {
  id: 'versions-understand-each-other',
  promise: 'While two revisions run side by side, each takes the messages, requests and answers of the other.',
} as const;
