import type { ServiceTransaction } from 'seamwright/runtime';

/** Creates the tables of this service where they are missing. */
export async function prepare(tx: ServiceTransaction): Promise<void> {
  await tx.query(`
    create table if not exists invoices (
      id text primary key,
      customer_id text not null,
      amount bigint not null check (amount > 0),
      currency text not null,
      due_date date not null,
      status text not null check (status in ('open', 'paid')),
      created_at timestamptz not null
    )`);
  // A resident is invoiced once a month, whoever starts the run.
  await tx.query(
    `alter table invoices add column if not exists resident_id text, add column if not exists period text`,
  );
  await tx.query('create unique index if not exists invoices_resident_period on invoices (resident_id, period)');
  await tx.query(`
    create table if not exists payments (
      id text primary key,
      invoice_id text not null references invoices (id),
      status text not null check (status in ('pending', 'paid', 'failed')),
      amount bigint not null check (amount > 0),
      currency text not null,
      transaction_id text,
      started_at timestamptz not null default now()
    )`);
  // One payment of an invoice is under way or has succeeded, never two.
  await tx.query(
    `create unique index if not exists payments_invoice on payments (invoice_id) where status <> 'failed'`,
  );
}
