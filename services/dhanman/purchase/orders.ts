import type { PurchaseTransaction } from '#generated/dhanman/purchase/producers.gen.js';
import type { SubmitPurchaseOrderCall } from '#generated/dhanman/purchase/server.gen.js';
import { approversOf, isAboveLimit, type Role } from './approval.js';

type Submission = SubmitPurchaseOrderCall['body'];

/** An order under way. */
export interface PurchaseOrder {
  readonly id: string;
  readonly vendorId: string;
  /** Minor units of `currency`. */
  readonly amount: number;
  readonly currency: Submission['currency'];
  readonly requestedBy: string;
  readonly status: 'submitted' | 'approved';
  /** Who has to approve. */
  readonly approvers: readonly Role[];
  /** Who has done so. */
  readonly approvedRoles: readonly Role[];
}

export interface Approval {
  readonly approverId: string;
  readonly role: Role;
  readonly comments?: string;
}

/** Highest amount of one order, in minor units; the contract's own bound. */
export const AMOUNT_MAX = 1_000_000_000_000;

/** Sum of all items, in minor units. Exact up to `AMOUNT_MAX`; beyond it is rounded, but never to below it. */
export function amountOf(items: Submission['items']): number {
  return items.reduce((sum, { qty, price }) => sum + qty * price, 0);
}

/** Stores an order and asks its approvers. */
export async function addOrder(tx: PurchaseTransaction, id: string, submission: Submission): Promise<void> {
  const { vendorId, currency, items, requestedBy } = submission;
  const amount = amountOf(items);
  const approvers = approversOf(amount);
  await tx.query(
    `insert into purchase_orders (id, vendor_id, amount, currency, requested_by, status, approvers)
     values ($1, $2, $3, $4, $5, 'submitted', $6)`,
    [id, vendorId, amount, currency, requestedBy, approvers],
  );
  for (const [index, { sku, qty, price }] of items.entries()) {
    await tx.query('insert into purchase_order_items (order_id, line, sku, qty, price) values ($1, $2, $3, $4, $5)', [
      id,
      index + 1,
      sku,
      qty,
      price,
    ]);
  }
  const submittedAt = new Date().toISOString();
  const requiresApproval = isAboveLimit(amount);
  await tx.publish.POSubmittedEvent({ poId: id, vendorId, amount, currency, requiresApproval, approvers, submittedAt });
}

/** Locks the order until the transaction ends, so that two approvals of one order come one after the other. Null when there is none. */
export async function orderById(tx: PurchaseTransaction, id: string): Promise<PurchaseOrder | null> {
  const [order] = await tx.query<Omit<PurchaseOrder, 'approvedRoles'>>(
    `select id, vendor_id as "vendorId", amount, currency, requested_by as "requestedBy", status, approvers
     from purchase_orders where id = $1 for update`,
    [id],
  );
  if (order === undefined) return null;
  const approved = await tx.query<{ readonly role: Role }>('select role from approvals where order_id = $1', [id]);
  return { ...order, amount: Number(order.amount), approvedRoles: approved.map(({ role }) => role) };
}

/** Stores an approval that is allowed. With the last one that is needed the order is approved and everybody is told; before, nobody is. */
export async function approve(tx: PurchaseTransaction, order: PurchaseOrder, approval: Approval): Promise<void> {
  const { approverId, role, comments } = approval;
  const approvedAt = new Date().toISOString();
  await tx.query(
    'insert into approvals (order_id, role, approver_id, comments, approved_at) values ($1, $2, $3, $4, $5)',
    [order.id, role, approverId, comments ?? null, approvedAt],
  );
  const approvedRoles = [...order.approvedRoles, role];
  if (!order.approvers.every((needed) => approvedRoles.includes(needed))) return;
  await tx.query(`update purchase_orders set status = 'approved' where id = $1`, [order.id]);
  const { id, amount, currency, requestedBy } = order;
  await tx.publish.POApprovedEvent({ poId: id, approvedBy: approverId, approvedAt, amount, currency, requestedBy });
}
