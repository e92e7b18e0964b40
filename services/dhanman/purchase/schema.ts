import type { ServiceTransaction } from 'seamwright/runtime';

/** Creates the tables of this service where they are missing. */
export async function prepare(tx: ServiceTransaction): Promise<void> {
  // `approvers` is what the rule said when the order came: another limit does not change orders that are under way.
  await tx.query(`
    create table if not exists purchase_orders (
      id text primary key,
      vendor_id text not null,
      amount bigint not null check (amount > 0),
      currency text not null,
      requested_by text not null,
      status text not null check (status in ('submitted', 'approved')),
      approvers text[] not null
    )`);
  await tx.query(`
    create table if not exists purchase_order_items (
      order_id text not null references purchase_orders,
      line integer not null,
      sku text not null,
      qty integer not null,
      price bigint not null,
      primary key (order_id, line)
    )`);
  await tx.query(`
    create table if not exists approvals (
      order_id text not null references purchase_orders,
      role text not null,
      approver_id text not null,
      comments text,
      approved_at timestamptz not null,
      primary key (order_id, role)
    )`);
  await tx.query(`
    create table if not exists bills (
      id text primary key,
      vendor_id text not null,
      order_id text references purchase_orders,
      amount bigint not null check (amount > 0),
      currency text not null,
      due_date date not null,
      created_at timestamptz not null
    )`);
}
