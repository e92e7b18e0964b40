import type { Pool } from 'pg';

/**
 * The same work written by hand on pg: one statement per transition, which moves the row at the version it was read at and writes the journal. It knows no
 * compensations, no leases, no other instance, no answers and no metrics.
 */
export function rawTables(schema: string): string {
  return `create schema ${schema};
create table ${schema}.saga (id text primary key, state text not null, version bigint not null, data json not null, due_at double precision);
create index on ${schema}.saga (due_at) where due_at is not null;
create table ${schema}.journal (id text, version bigint, at double precision not null, event text not null, state text not null, primary key (id, version))`;
}

/** Runs one saga of `steps` calls from its begin to its end; answers how many transitions that took. */
export async function rawRun(
  pool: Pool,
  schema: string,
  id: string,
  steps: number,
  call: () => Promise<object>,
): Promise<number> {
  const begin = `with begun as (
  insert into ${schema}.saga (id, state, version, data, due_at) values ($1, $2, 1, $3, $4) on conflict do nothing returning version
)
insert into ${schema}.journal (id, version, at, event, state) select $1, version, $4, 'started', $2 from begun`;
  const move = `with moved as (
  update ${schema}.saga set state = $3, version = version + 1, data = $4, due_at = $5 where id = $1 and version = $2 returning version
)
insert into ${schema}.journal (id, version, at, event, state) select $1, version, $6, 'succeeded', $3 from moved returning version`;
  const data: Record<string, object> = {};
  await pool.query({ name: `begin ${schema}`, text: begin, values: [id, 's0', JSON.stringify(data), Date.now()] });
  for (let step = 0; step < steps; step++) {
    data[`s${step}`] = await call();
    const last = step === steps - 1;
    const values = [
      id,
      step + 1,
      last ? 'completed' : `s${step + 1}`,
      JSON.stringify(data),
      last ? null : Date.now() + 30_000,
      Date.now(),
    ];
    const { rowCount } = await pool.query({ name: `move ${schema}`, text: move, values });
    if (rowCount !== 1) throw new Error(`run ${id} has moved meanwhile`);
  }
  return steps + 1;
}
