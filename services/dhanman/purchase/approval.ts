/** Who may be asked to approve an order. */
export type Role = 'manager' | 'cfo';

/** Above this an order needs the CFO too: 50 000.00 in minor units. Orders are taken only in currencies with two decimals. */
export const APPROVAL_LIMIT = 5_000_000;

/** Whether an order of this amount, in minor units, is above the limit. Exactly the limit is not. */
export function isAboveLimit(amount: number): boolean {
  return amount > APPROVAL_LIMIT;
}

/** Everybody who has to approve an order of this amount. */
export function approversOf(amount: number): readonly Role[] {
  return isAboveLimit(amount) ? ['manager', 'cfo'] : ['manager'];
}
