import type { OwnedDefinition } from './definition.js';
import { lockName } from './dependencies.js';
import { entityMessage } from './entity-message.js';
import type { ChangeKind } from './envelope.js';
import { UsageError } from './errors.js';
import type { Parts } from './parts.js';
import { checkPayload, send } from './send.js';
import type { OwnedState } from './stores/store.js';
import type { UnitOfWork } from './unit-of-work.js';

export interface RaiseOptions {
  /** Takes down the change without telling anybody, as when it came from somebody else in the first place. Default false. */
  readonly dismissEvents?: boolean;
}

/**
 * An entity that this service owns, within one transaction: each change gets the next version under the row's lock and raises its event
 * in the same commit, unless the contract's `publish_when` holds it back.
 *
 * All methods reject with `InvalidMessageError` when the event would break its contract; the transaction is then rolled back.
 */
export interface OwnedEntity<E> {
  created(entity: E, options?: RaiseOptions): Promise<void>;
  updated(entity: E, options?: RaiseOptions): Promise<void>;
  /** Raises `created` or `updated`, whichever is true. */
  save(entity: E, options?: RaiseOptions): Promise<void>;
  /**
   * By id, or by entity when it was never told before. Deleting what is deleted already does nothing. Rejects with `UsageError` when the contract
   * knows no deletion, or when only the id is given of an entity that was never told.
   */
  deleted(idOrEntity: string | E, options?: RaiseOptions): Promise<void>;
  /** The state as last told; null when it never was, or is deleted. Holds the entity's lock until the transaction ends. */
  get(id: string): Promise<E | null>;
  /** Live entities by ascending id, after `after`. `limit` is 1 to 1000, default 100. */
  list(page?: { readonly after?: string; readonly limit?: number }): Promise<readonly E[]>;
}

/** The owner's side of `definition` within `unit`. */
export function ownedEntity(parts: Parts, unit: UnitOfWork, definition: OwnedDefinition): OwnedEntity<unknown> {
  const { entity, softDelete } = definition;
  const { tx } = unit;
  const isDeleted = (state: unknown): boolean => softDelete !== undefined && field(state, softDelete.field) === true;
  /** The own consumers that wait for this entity must not park between their look and a change. First of all locks: they take it first too. */
  const hold = async (id: string): Promise<OwnedState | null> => {
    if (parts.awaited.has(entity)) await tx.lock([lockName(entity, id)]);
    return tx.owned(entity, id);
  };
  const change = (op: ChangeKind, state: unknown, deleted: boolean, options: RaiseOptions = {}) =>
    raise(parts, unit, definition, {
      op,
      id: definition.key(state),
      state,
      deleted,
      silent: options.dismissEvents === true,
    });

  return {
    created: (state, options) => change('created', state, isDeleted(state), options),
    updated: (state, options) => change('updated', state, isDeleted(state), options),
    async save(state, options) {
      const before = await hold(definition.key(state));
      await change(before === null || before.deleted ? 'created' : 'updated', state, isDeleted(state), options);
    },
    async deleted(idOrEntity, options) {
      if (!definition.deletes) throw new UsageError(`the contract of ${entity} knows no deletion`);
      const byId = typeof idOrEntity === 'string';
      const before = await hold(byId ? idOrEntity : definition.key(idOrEntity));
      if (before?.deleted === true) return;
      if (before === null && byId)
        throw new UsageError(`${entity} ${idOrEntity} was never told: delete it by its state`);
      const last = byId ? before?.state : idOrEntity;
      const state = softDelete === undefined ? last : { ...asObject(last), [softDelete.field]: true };
      await change('deleted', state, true, options);
    },
    async get(id) {
      const state = await hold(id);
      return state === null || state.deleted ? null : state.state;
    },
    list: ({ after, limit = 100 } = {}) => liveStates(unit, entity, after, Math.min(Math.max(limit, 1), 1000)),
  };
}

interface Change {
  readonly op: ChangeKind;
  readonly id: string;
  readonly state: unknown;
  readonly deleted: boolean;
  readonly silent: boolean;
}

async function raise(parts: Parts, unit: UnitOfWork, definition: OwnedDefinition, change: Change): Promise<void> {
  const { entity } = definition;
  const { op, id, state, deleted } = change;
  const { tx } = unit;
  const awaited = parts.awaited.has(entity);
  if (awaited) await tx.lock([lockName(entity, id)]);
  const before = await tx.owned(entity, id);
  const now = await tx.advanceOwned(entity, id, { state, deleted, nowMs: parts.clock.now() });
  if (awaited && (await tx.releaseParked({ entity, id })) > 0) unit.pending.released = true;
  if (change.silent) return;
  const { service } = parts.definition;
  const messageId = parts.random.uuid();
  const outgoing = entityMessage({
    service,
    definition,
    id,
    state: now,
    op,
    messageId,
    cause: unit.cause,
    force: false,
  });
  checkPayload(outgoing.message, outgoing.envelope.data);
  if (definition.publishWhen?.(outgoing.envelope.data, previousOf(before)) === false) {
    parts.telemetry.count('seamwright.publish.filtered', { entity });
    parts.log.debug({ entity, entityId: id, op }, 'not published: publish_when is false');
    return;
  }
  await send(parts, unit, outgoing);
  await tx.markPublished(entity, id);
}

/** What `previous` means in `publish_when`: the state before the change, none for an entity that was not there. */
function previousOf(before: OwnedState | null): unknown {
  return before === null || before.deleted ? null : before.state;
}

/** Tombstones lie among the live entities, so one page of rows may hold fewer than `limit` of them. */
async function liveStates(
  { tx }: UnitOfWork,
  entity: string,
  after: string | undefined,
  limit: number,
): Promise<readonly unknown[]> {
  const live: unknown[] = [];
  for (let from = after; ; ) {
    const rows = await tx.listOwned(entity, { limit, ...(from !== undefined && { after: from }) });
    live.push(...rows.filter((row) => !row.deleted).map((row) => row.state));
    from = rows.at(-1)?.id;
    if (rows.length < limit || live.length >= limit) return live.slice(0, limit);
  }
}

function field(state: unknown, name: string): unknown {
  return asObject(state)[name];
}

function asObject(state: unknown): Readonly<Record<string, unknown>> {
  return typeof state === 'object' && state !== null ? { ...state } : {};
}
