import type { ServiceTransaction } from 'seamwright/runtime';

/** Creates the tables of this service where they are missing. */
export async function prepare(tx: ServiceTransaction): Promise<void> {
  await tx.query(`
    create table if not exists login_records (
      user_id text not null,
      at timestamptz not null,
      login_id text not null,
      method text not null,
      primary key (user_id, at, login_id)
    )`);
}
