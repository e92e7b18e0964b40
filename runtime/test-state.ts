import type { Version } from './guard.js';
import type { Parts } from './parts.js';
import type { EntityVersion, ReplicaTable, Transaction } from './stores/store.js';

/** One copy or owned entity as the harness reads it; `fields` is absent when it is deleted. Numbers that JSON cannot hold are texts. */
interface StateRow {
  readonly id: string;
  readonly version: { readonly epoch: number; readonly sequence: string; readonly tie: string };
  readonly deleted: boolean;
  readonly fields?: unknown;
}

const pageSize = 500;

/** Everything that a service holds: copies and owned entities by entity, what is parked, and how much has not left. */
export function stateOf({ definition, store }: Parts): Promise<object> {
  return store.transaction(async (tx) => {
    const copies: Record<string, readonly StateRow[]> = {};
    for (const { entity, table } of Object.values(definition.copies)) copies[entity] = await copiesIn(tx, table);
    const owned: Record<string, readonly StateRow[]> = {};
    for (const { entity } of Object.values(definition.owned)) owned[entity] = await ownedIn(tx, entity);
    const parked = await tx.listParked({ limit: 1_000 });
    return {
      copies,
      owned,
      parked: parked.map(({ consumer, messageId, entity, entityId: id, dependency }) => ({
        ...{ consumer, messageId, entity, id },
        waitsFor: dependency,
      })),
      outbox: (await tx.outboxBacklog()).count,
    };
  });
}

async function copiesIn(tx: Transaction, table: ReplicaTable): Promise<readonly StateRow[]> {
  const rows: StateRow[] = [];
  for await (const { id, version, deleted } of paged((page) =>
    tx.listReplicaVersions(table, { bucket: 0, buckets: 1, ...page }),
  )) {
    const fields = deleted ? null : await tx.getReplica(table, id);
    rows.push({ id, version: written(version), deleted, ...(fields !== null && { fields }) });
  }
  return rows;
}

async function ownedIn(tx: Transaction, entity: string): Promise<readonly StateRow[]> {
  const rows: StateRow[] = [];
  for await (const { id, version, deleted, state } of paged((page) => tx.listOwned(entity, page)))
    rows.push({ id, version: written(version), deleted, ...(!deleted && { fields: state }) });
  return rows;
}

async function* paged<Row extends Pick<EntityVersion, 'id'>>(
  list: (page: { readonly after?: string; readonly limit: number }) => Promise<readonly Row[]>,
): AsyncIterable<Row> {
  for (let after: string | undefined; ; ) {
    const rows = await list({ limit: pageSize, ...(after !== undefined && { after }) });
    yield* rows;
    after = rows.at(-1)?.id;
    if (rows.length < pageSize) return;
  }
}

function written({ epoch, sequence, tie }: Version): StateRow['version'] {
  return { epoch, sequence: String(sequence), tie };
}
