import type { FlowDriver, FlowHands } from 'seamwright/harness';
import type { ServiceTransaction } from 'seamwright/runtime';
import { provenCallers } from '../../shared/proven-callers.js';

/** Under the harness every caller has to prove who it is; whoever can speaks for somebody who may approve everything. */
export const options = provenCallers('purchase', () => ({ id: 'harness', roles: ['manager', 'cfo'] }));

/** How the flows begin; see docs/guides/flows.md. */
export const flows: Readonly<Record<string, FlowDriver>> = {
  async 'create-bill'(hands) {
    const set = { 'body.poId': undefined, 'body.currency': 'USD' };
    const billed = await hands.call('purchase.createBill', { set });
    hands.expect('a bill is taken', billed.status === 201);
  },
  'approve-below-limit': (hands) => approve(hands, 4_999_900, ['manager']),
  'approve-at-limit': (hands) => approve(hands, 5_000_000, ['manager']),
  'approve-above-limit': (hands) => approve(hands, 5_000_100, ['manager', 'cfo']),
};

/** What the orders' table does not hold is in that of their approvals. */
export const tables = {
  PurchaseOrder: (tx: ServiceTransaction) =>
    tx.query(
      `select o.*, array(select role from approvals a where a.order_id = o.id) as approved_roles from purchase_orders o`,
    ),
};

async function approve(hands: FlowHands, amount: number, roles: readonly string[]): Promise<void> {
  // Whoever asks for an order is told of its approval, and therefore has to be known.
  const requester = await hands.call('common.createUser');
  await hands.settle();
  const { id: requestedBy } = requester.body as { readonly id: string };
  const items = [{ sku: 'desk', qty: 1, price: amount }];
  const order = await hands.call('purchase.submitPurchaseOrder', {
    set: { 'body.items': items, 'body.currency': 'USD', 'body.requestedBy': requestedBy },
  });
  await hands.settle();
  const { id } = order.body as { readonly id: string };
  for (const role of roles) {
    const approved = await hands.call('purchase.approvePurchaseOrder', {
      set: { 'path.poId': id, 'body.role': role },
    });
    hands.expect(`the ${role} approves`, approved.status === 204);
  }
}
