import type { ServiceTransaction } from 'seamwright/runtime';

/** An attempt to pay an invoice. */
export interface Payment {
  readonly id: string;
  readonly invoiceId: string;
  readonly status: 'pending' | 'paid' | 'failed';
  /** Minor units of `currency`. */
  readonly amount: number;
  readonly currency: string;
}

/** Null when there is none. */
export async function paymentById(tx: ServiceTransaction, id: string): Promise<Payment | null> {
  const [row] = await tx.query<Payment>(
    'select id, invoice_id as "invoiceId", status, amount, currency from payments where id = $1',
    [id],
  );
  // Drivers differ in how they read a bigint.
  return row === undefined ? null : { ...row, amount: Number(row.amount) };
}

/** Takes down that a payment has begun. False when another one of the same invoice is under way or has succeeded: two tabs pay an invoice once. */
export async function beginPayment(tx: ServiceTransaction, payment: Omit<Payment, 'status'>): Promise<boolean> {
  const { id, invoiceId, amount, currency } = payment;
  const added = await tx.query(
    `insert into payments (id, invoice_id, status, amount, currency) values ($1, $2, 'pending', $3, $4)
     on conflict do nothing returning id`,
    [id, invoiceId, amount, currency],
  );
  return added.length > 0;
}

/** Makes room for another attempt. */
export async function failPayment(tx: ServiceTransaction, id: string): Promise<void> {
  await tx.query(`update payments set status = 'failed' where id = $1 and status = 'pending'`, [id]);
}

/** Marks payment and invoice paid, both or neither. False when the invoice is no longer open or the payment no longer pending. */
export async function completePayment(
  tx: ServiceTransaction,
  { id, invoiceId, transactionId }: Pick<Payment, 'id' | 'invoiceId'> & { readonly transactionId: string },
): Promise<boolean> {
  const paid = await tx.query(
    `with invoice as (update invoices set status = 'paid' where id = $2 and status = 'open' returning id)
     update payments set status = 'paid', transaction_id = $3 from invoice
     where payments.id = $1 and payments.status = 'pending' and payments.invoice_id = invoice.id returning payments.id`,
    [id, invoiceId, transactionId],
  );
  return paid.length > 0;
}
