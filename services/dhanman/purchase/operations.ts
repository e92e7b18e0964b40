import { randomUUID } from 'node:crypto';
import { ProblemError } from 'seamwright/runtime';
import type { PurchaseTransaction } from '#generated/dhanman/purchase/producers.gen.js';
import type {
  ApprovePurchaseOrderCall,
  CreateBillCall,
  PurchaseOperations,
} from '#generated/dhanman/purchase/server.gen.js';
import { addBill } from './bills.js';
import { AMOUNT_MAX, addOrder, amountOf, approve, orderById, type PurchaseOrder } from './orders.js';

/** Whom a token speaks for. */
export interface PurchaseCaller {
  readonly id: string;
  readonly roles: readonly string[];
}

/** What purchase answers over HTTP. */
export function purchaseOperations(): PurchaseOperations<PurchaseCaller> {
  return {
    async submitPurchaseOrder({ body, once }) {
      if (amountOf(body.items) > AMOUNT_MAX) throw new ProblemError(422, { detail: 'the order is too large' });
      return once(async (tx) => {
        const id = randomUUID();
        await addOrder(tx, id, body);
        return { status: 201, body: { id } };
      });
    },

    async approvePurchaseOrder({ path, body, caller, once }) {
      return once(async (tx) => {
        const order = await orderById(tx, path.poId);
        if (order === null) throw new ProblemError(404, { detail: 'PO not found' });
        refuseUnlessAsked(order, body.role, caller);
        await approve(tx, order, body);
        return { status: 204 };
      });
    },

    async createBill({ body, once }) {
      return once(async (tx) => {
        await refuseUnlessOrdered(tx, body);
        const id = randomUUID();
        await addBill(tx, { ...body, billId: id, createdAt: new Date().toISOString() });
        return { status: 201, body: { id } };
      });
    },
  };
}

/** The role must be the caller's, must be asked, and must not have answered yet. Without a caller, whoever checked the token has checked the role. */
function refuseUnlessAsked(
  order: PurchaseOrder,
  role: ApprovePurchaseOrderCall['body']['role'],
  caller: PurchaseCaller | undefined,
): void {
  if (caller !== undefined && !caller.roles.includes(role)) {
    throw new ProblemError(403, { detail: `the caller is no ${role}` });
  }
  if (!order.approvers.includes(role))
    throw new ProblemError(403, { detail: `the order needs no approval by a ${role}` });
  if (order.approvedRoles.includes(role))
    throw new ProblemError(409, { detail: `a ${role} has approved the order already` });
}

/** A bill that answers an order is from the order's vendor and in its currency. Its amount may differ: vendors bill in parts. */
async function refuseUnlessOrdered(tx: PurchaseTransaction, bill: CreateBillCall['body']): Promise<void> {
  if (bill.poId === undefined) return;
  const order = await orderById(tx, bill.poId);
  if (order === null) throw new ProblemError(422, { detail: 'PO not found' });
  if (order.vendorId !== bill.vendorId) throw new ProblemError(422, { detail: 'the order went to another vendor' });
  if (order.currency !== bill.currency) throw new ProblemError(422, { detail: `the order is in ${order.currency}` });
}
