/** One end of an edge, and whether it may be deployed before the other one. */
export interface End {
  readonly name: string;
  readonly first: boolean;
}

/** In which order the ends of an edge may be deployed and rolled back, as a sentence. */
export function safeOrder(one: End, other: End): string {
  if (one.first && other.first) return 'Any order is safe.';
  const [before, after] = one.first ? [one, other] : [other, one];
  if (before.first)
    return `Safe order: deploy ${before.name} before ${after.name}, roll back ${after.name} before ${before.name}.`;
  return 'No order is safe: add the new form beside the old one first, and remove the old one when nobody needs it.';
}
