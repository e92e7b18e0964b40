import type { ServiceTransaction } from 'seamwright/runtime';

/** Creates the tables of this service where they are missing. */
export async function prepare(tx: ServiceTransaction): Promise<void> {
  await tx.query(`
    create table if not exists customers (
      id text primary key,
      name text not null,
      email text not null,
      phone text,
      balance bigint not null,
      currency text not null
    )`);
  await tx.query(`
    create table if not exists users (
      id text primary key,
      email text not null,
      full_name text not null,
      company_id text,
      created_at text not null
    )`);
  await tx.query('create unique index if not exists users_email on users (lower(email))');
  // The unique key is the last line of defence: even a message that the inbox has forgotten cannot be posted twice.
  await tx.query(`
    create table if not exists ledger_entries (
      id bigint generated always as identity primary key,
      reference_type text not null,
      reference_id text not null,
      account_code text not null,
      type text not null check (type in ('debit', 'credit')),
      amount bigint not null check (amount > 0),
      currency text not null,
      posted_at timestamptz not null default now(),
      unique (reference_type, reference_id, account_code, type)
    )`);
  // What may be posted has grown since the first tables were made.
  await tx.query(`
    alter table ledger_entries drop constraint if exists ledger_entries_reference_type_check,
      add constraint ledger_entries_reference_type_check
        check (reference_type in ('invoice', 'bill', 'salary', 'purchase-order', 'payment'))`);
  await tx.query(`
    create table if not exists balance_movements (
      cause text primary key,
      customer_id text not null,
      amount_delta bigint not null,
      currency text not null,
      moved_at timestamptz not null default now()
    )`);
  await tx.query('create index if not exists balance_movements_customer on balance_movements (customer_id)');
}
