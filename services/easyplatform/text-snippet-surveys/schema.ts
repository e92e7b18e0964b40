import type { ServiceTransaction } from 'seamwright/runtime';

/** Creates the tables of this service where they are missing. */
export async function prepare(tx: ServiceTransaction): Promise<void> {
  await tx.query(`
    create table if not exists surveys (
      id text primary key,
      company_id text not null,
      title text not null,
      status text not null check (status in ('draft', 'open', 'closed')),
      created_by_employee_id text,
      is_deleted boolean not null
    )`);
}
