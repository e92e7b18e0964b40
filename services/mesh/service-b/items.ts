import type { ServiceTransaction } from 'seamwright/runtime';
import type * as serviceBTypes from '#generated/mesh/http/service-b.types.gen.js';

/** An item and the version that a change has to name. */
export interface VersionedItem {
  readonly item: serviceBTypes.Item;
  readonly version: number;
}

/** The item, or null. */
export async function findItem(tx: ServiceTransaction, id: string): Promise<VersionedItem | null> {
  const [row] = await tx.query<Row>('select * from items where id = $1', [id]);
  return row === undefined ? null : versioned(row);
}

/**
 * Changes an item that still has `version`; undefined changes any. In one statement, so that of two changes to one version one comes too late. Gives null when
 * there is no such item of that version.
 */
export async function changeItem(
  tx: ServiceTransaction,
  id: string,
  version: number | undefined,
  { name, price }: serviceBTypes.ItemChange,
): Promise<VersionedItem | null> {
  const [row] = await tx.query<Row>(
    `update items set name = $2, price = $3, version = version + 1, updated_at = now()
     where id = $1 and ($4::integer is null or version = $4) returning *`,
    [id, name, price, version ?? null],
  );
  return row === undefined ? null : versioned(row);
}

/** Items to start with; those that are there already stay as they are. */
export async function seedItems(
  tx: ServiceTransaction,
  items: readonly Pick<serviceBTypes.Item, 'id' | 'name' | 'price'>[],
): Promise<void> {
  for (const { id, name, price } of items) {
    await tx.query('insert into items (id, name, price) values ($1, $2, $3) on conflict (id) do nothing', [
      id,
      name,
      price,
    ]);
  }
}

/** `price` is text or a number: drivers differ on `bigint`. */
interface Row {
  readonly id: string;
  readonly name: string;
  readonly price: string | number;
  readonly version: number;
  readonly updated_at: Date | string;
}

function versioned({ id, name, price, version, updated_at }: Row): VersionedItem {
  return { item: { id, name, price: Number(price), updatedAt: new Date(updated_at).toISOString() }, version };
}
