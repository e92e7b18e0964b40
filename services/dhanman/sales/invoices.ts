import type { ServiceTransaction } from 'seamwright/runtime';
import type { InvoiceCreatedEvent } from '#generated/dhanman/messages/index.gen.js';
import type { SalesTransaction } from '#generated/dhanman/sales/producers.gen.js';

/** What a customer owes. */
export interface Invoice extends InvoiceCreatedEvent {
  /** Set for an invoice of the monthly run: nobody has two of them for one period. */
  readonly monthly?: { readonly residentId: string /** `YYYY-MM`. */; readonly period: string };
}

/**
 * Stores an open invoice and tells of it, in one transaction: there is no invoice without its event and no event without its invoice. False, and nothing
 * stored or told, when the resident has an invoice of this period already.
 */
export async function addInvoice(tx: SalesTransaction, invoice: Invoice): Promise<boolean> {
  const { invoiceId, customerId, amount, currency, dueDate, createdAt, monthly } = invoice;
  const added = await tx.query(
    `insert into invoices (id, customer_id, amount, currency, due_date, status, created_at, resident_id, period)
     values ($1, $2, $3, $4, $5, 'open', $6, $7, $8)
     on conflict (resident_id, period) do nothing returning id`,
    [invoiceId, customerId, amount, currency, dueDate, createdAt, monthly?.residentId ?? null, monthly?.period ?? null],
  );
  if (added.length === 0) return false;
  await tx.publish.InvoiceCreatedEvent({ invoiceId, customerId, amount, currency, dueDate, createdAt });
  return true;
}

/** An invoice as it is now. */
export interface StoredInvoice {
  readonly id: string;
  readonly customerId: string;
  /** Minor units of `currency`. */
  readonly amount: number;
  readonly currency: string;
  /** `YYYY-MM-DD`. */
  readonly dueDate: string;
  readonly status: 'open' | 'paid';
  readonly createdAt: string;
}

/** Null when there is none. */
export async function invoiceById(tx: ServiceTransaction, id: string): Promise<StoredInvoice | null> {
  const [row] = await tx.query<StoredInvoice>(
    `select id, customer_id as "customerId", amount, currency, due_date::text as "dueDate", status,
       to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "createdAt"
     from invoices where id = $1`,
    [id],
  );
  // Drivers differ in how they read a bigint.
  return row === undefined ? null : { ...row, amount: Number(row.amount) };
}
