/** Headers that prove who calls. */
export type Credentials = Readonly<Record<string, string>> & { readonly [speaksFor]?: string };

/**
 * Whom credentials speak for, where that stays the same while they change, as tokens do that live for minutes: answers that a client keeps are kept for this one,
 * not for one token. Without it every change of a header means another one.
 */
export const speaksFor: unique symbol = Symbol('seamwright.speaksFor');
