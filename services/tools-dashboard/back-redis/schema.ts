import type { ServiceTransaction } from 'seamwright/runtime';

/** Creates the tables of this service where they are missing. */
export async function prepare(tx: ServiceTransaction): Promise<void> {
  await tx.query(`
    create table if not exists entries (
      key text primary key,
      value text not null,
      expires_at double precision not null
    )`);
  await tx.query(`
    create table if not exists counters (
      key text primary key,
      count integer not null,
      expires_at double precision not null
    )`);
}
