import type { ServiceTransaction } from 'seamwright/runtime';

/** Creates the tables of this service where they are missing. */
export async function prepare(tx: ServiceTransaction): Promise<void> {
  // The date is kept as text, as the contract writes it: another spelling would be another state to the copies.
  await tx.query(`
    create table if not exists candidates (
      id text primary key,
      full_name text not null,
      email text not null,
      company_id text not null,
      status text not null check (status in ('applied', 'interview', 'hired', 'rejected')),
      hired_date text,
      is_deleted boolean not null,
      check ((status = 'hired') = (hired_date is not null))
    )`);
}
