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
}
