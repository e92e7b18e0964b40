import type { ServiceTransaction } from 'seamwright/runtime';

/** Creates the tables of this service where they are missing. */
export async function prepare(tx: ServiceTransaction): Promise<void> {
  await tx.query(`
    create table if not exists companies (
      id text primary key,
      name text not null,
      is_active boolean not null,
      is_deleted boolean not null
    )`);
  await tx.query(`
    create table if not exists users (
      id text primary key,
      email text not null,
      full_name text not null,
      company_id text not null references companies,
      roles text[] not null,
      is_active boolean not null,
      is_deleted boolean not null
    )`);
  // One address signs in to one account. The address of a deleted account is free again.
  await tx.query('create unique index if not exists users_email on users (lower(email)) where not is_deleted');
}
