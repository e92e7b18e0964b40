import type { ServiceTransaction } from 'seamwright/runtime';

/** Creates the tables of this service where they are missing. */
export async function prepare(tx: ServiceTransaction): Promise<void> {
  await tx.query(`
    create table if not exists employees (
      id text primary key,
      full_name text not null,
      email text not null,
      company_id text not null,
      user_id text,
      is_active boolean not null,
      is_deleted boolean not null
    )`);
  // One person is one employee. Who has left may come back, as a new employee.
  await tx.query('create unique index if not exists employees_email on employees (lower(email)) where not is_deleted');
}
