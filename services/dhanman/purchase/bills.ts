import type { BillCreatedEvent } from '#generated/dhanman/messages/index.gen.js';
import type { PurchaseTransaction } from '#generated/dhanman/purchase/producers.gen.js';

/** Stores a bill and tells of it, in one transaction. */
export async function addBill(tx: PurchaseTransaction, bill: BillCreatedEvent): Promise<void> {
  const { billId, vendorId, poId, amount, currency, dueDate, createdAt } = bill;
  await tx.query(
    `insert into bills (id, vendor_id, order_id, amount, currency, due_date, created_at)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [billId, vendorId, poId ?? null, amount, currency, dueDate, createdAt],
  );
  await tx.publish.BillCreatedEvent({
    ...{ billId, vendorId, amount, currency, dueDate, createdAt },
    ...(poId !== undefined && { poId }),
  });
}
