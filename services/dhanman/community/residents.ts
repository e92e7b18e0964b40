import type { ServiceTransaction } from 'seamwright/runtime';

/** Who lives where and what it costs a month. */
export interface Resident {
  readonly id: string;
  /** The customer at common who receives the invoices. */
  readonly customerId: string;
  /** Minor units of `currency`. */
  readonly monthlyCharges: number;
  readonly currency: string;
  readonly email?: string;
}

/** Creates the table where it is missing. */
export async function prepare(tx: ServiceTransaction): Promise<void> {
  await tx.query(`
    create table if not exists residents (
      id text primary key,
      customer_id text not null,
      monthly_charges bigint not null check (monthly_charges > 0),
      currency text not null,
      email text,
      active boolean not null
    )`);
}

/** By ascending id. */
export async function activeResidents(tx: ServiceTransaction): Promise<readonly Resident[]> {
  const rows = await tx.query<Omit<Resident, 'email'> & { readonly email: string | null }>(
    `select id, customer_id as "customerId", monthly_charges as "monthlyCharges", currency, email
     from residents where active order by id`,
  );
  // Drivers differ in how they read a bigint.
  return rows.map(({ email, monthlyCharges, ...row }) => ({
    ...row,
    monthlyCharges: Number(monthlyCharges),
    ...(email !== null && { email }),
  }));
}

/** Stores residents that came from elsewhere, such as an import; those that are there already stay as they are. The contracts have no operation for it. */
export async function seedResidents(tx: ServiceTransaction, residents: readonly Resident[]): Promise<void> {
  for (const { id, customerId, monthlyCharges, currency, email = null } of residents) {
    await tx.query(
      `insert into residents (id, customer_id, monthly_charges, currency, email, active) values ($1, $2, $3, $4, $5, true)
       on conflict (id) do nothing`,
      [id, customerId, monthlyCharges, currency, email],
    );
  }
}
