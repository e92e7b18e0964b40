import type { ServiceTransaction } from 'seamwright/runtime';

/** Who receives invoices. */
export interface Customer {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly phone: string | null;
  /** Minor units of `currency`, all movements included; negative when the customer has paid ahead. */
  readonly balance: number;
  readonly currency: string;
}

/** Null when there is none. */
export async function customerById(tx: ServiceTransaction, id: string): Promise<Customer | null> {
  const [row] = await tx.query<Customer>(
    // Summed up when it is read: movements may come before their customer does, and none of them writes to its row.
    `select id, name, email, phone, currency, balance + coalesce(
       (select sum(amount_delta) from balance_movements where customer_id = customers.id), 0) as balance
     from customers where id = $1`,
    [id],
  );
  // Drivers differ in how they read a bigint.
  return row === undefined ? null : { ...row, balance: Number(row.balance) };
}

/** Stores customers that came from elsewhere, such as an import; those that are there already stay as they are. The contracts have no operation for it. */
export async function seedCustomers(tx: ServiceTransaction, customers: readonly Customer[]): Promise<void> {
  for (const { id, name, email, phone, balance, currency } of customers) {
    await tx.query(
      `insert into customers (id, name, email, phone, balance, currency) values ($1, $2, $3, $4, $5, $6)
       on conflict (id) do nothing`,
      [id, name, email, phone, balance, currency],
    );
  }
}
