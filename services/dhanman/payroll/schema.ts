import type { ServiceTransaction } from 'seamwright/runtime';

/** Creates the tables of this service where they are missing. */
export async function prepare(tx: ServiceTransaction): Promise<void> {
  await tx.query(`
    create table if not exists salaries (
      id text primary key,
      employee_id text not null,
      period text not null,
      gross bigint not null check (gross > 0),
      net bigint not null check (net > 0 and net <= gross),
      currency text not null,
      posted_at timestamptz not null,
      unique (employee_id, period)
    )`);
}
