import type { InvoiceCreatedEvent } from '#generated/dhanman/messages/index.gen.js';
import type { SalesTransaction } from '#generated/dhanman/sales/producers.gen.js';

/** Stores an open invoice and tells of it, in one transaction: there is no invoice without its event and no event without its invoice. */
export async function addInvoice(tx: SalesTransaction, invoice: InvoiceCreatedEvent): Promise<void> {
  const { invoiceId, customerId, amount, currency, dueDate, createdAt } = invoice;
  await tx.query(
    `insert into invoices (id, customer_id, amount, currency, due_date, status, created_at)
     values ($1, $2, $3, $4, $5, 'open', $6)`,
    [invoiceId, customerId, amount, currency, dueDate, createdAt],
  );
  await tx.publish.InvoiceCreatedEvent({ invoiceId, customerId, amount, currency, dueDate, createdAt });
}
