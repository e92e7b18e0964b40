import type { ServiceTransaction } from 'seamwright/runtime';

/** Creates the tables of this service where they are missing. */
export async function prepare(tx: ServiceTransaction): Promise<void> {
  await tx.query(`
    create table if not exists items (
      id uuid primary key,
      name text not null,
      price bigint not null check (price >= 0),
      version integer not null default 1,
      updated_at timestamptz not null default now()
    )`);
}
