import type { ServiceTransaction } from 'seamwright/runtime';

/** Creates the tables of this service where they are missing. */
export async function prepare(tx: ServiceTransaction): Promise<void> {
  await tx.query(`
    create table if not exists mails (
      id bigint generated always as identity primary key,
      template text not null,
      reference_id text not null,
      recipient text not null,
      created_at timestamptz not null default now(),
      unique (template, reference_id, recipient)
    )`);
  await tx.query('create table if not exists paid_invoices (invoice_id text primary key)');
}
