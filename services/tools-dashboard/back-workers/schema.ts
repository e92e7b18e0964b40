import type { ServiceTransaction } from 'seamwright/runtime';

/** Creates the tables of this service where they are missing. */
export async function prepare(tx: ServiceTransaction): Promise<void> {
  // What is to be done outside the transaction that found out about it, such as mails that the relay takes from here.
  await tx.query(`
    create table if not exists tasks (
      id bigint generated always as identity primary key,
      name text not null,
      subject text not null,
      payload jsonb not null,
      correlation_id text not null,
      created_at timestamptz not null default now(),
      unique (name, subject)
    )`);
}
