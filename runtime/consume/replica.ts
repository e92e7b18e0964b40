import { lockName } from '../dependencies.js';
import { applies } from '../guard.js';
import type { Parts } from '../parts.js';
import type { AloneWrites } from '../stores/store.js';
import type { UnitOfWork } from '../unit-of-work.js';
import type { Received, Replica, Verdict } from './consumer.js';
import { changeOf, judged, noVersion } from './replica-change.js';
import { awaitDependencies, dependencyLocks } from './wait.js';

/**
 * Brings a copy up to date with one message, in `unit`.
 *
 * The write is one conditional statement and repeats harmlessly, so a copy needs no inbox. The guard is asked before the wait: a stale message must
 * not wait for anything, and one that waits must not have moved the guard.
 */
export async function consumeReplica(
  parts: Parts,
  unit: UnitOfWork,
  consumer: Replica,
  received: Received,
): Promise<Verdict> {
  const { definition } = consumer;
  const message = received.envelope.data;
  const change = changeOf(definition, received);
  if (change === undefined) return noVersion;
  const { id, row, incoming } = change;
  const awaited = parts.awaited.has(definition.entity);
  // A tombstone refers to nothing, so it waits for nothing.
  const awaits = incoming.deleted ? [] : definition.awaits;
  if (awaits.length > 0 || awaited) {
    await unit.tx.lock([...(awaited ? [lockName(definition.entity, id)] : []), ...dependencyLocks(awaits, message)]);
  }
  if (awaits.length > 0) {
    const outcome = await unit.tx.peekReplica(definition.table, id, incoming);
    if (!applies(outcome, 'state')) return judged(parts, definition, outcome, received);
    const target = { entity: definition.entity, entityId: id, version: incoming.version, carries: 'state' } as const;
    const waiting = await awaitDependencies(parts, unit, consumer, received, target);
    if (waiting !== undefined) return waiting;
  }
  const outcome = await unit.tx.putReplica(definition.table, id, row, incoming);
  if (awaited && applies(outcome, 'state')) {
    // A tombstone wakes the waiting as well: they learn that it will not come.
    const released = await unit.tx.releaseParked({ entity: definition.entity, id });
    if (released > 0) unit.pending.released = true;
  }
  return judged(parts, definition, outcome, received);
}

/** Whether a message of this copy is one statement and nothing else: it waits for nothing, and nothing waits for it. */
export function isAlone(parts: Parts, { definition }: Replica): boolean {
  return definition.awaits.length === 0 && !parts.awaited.has(definition.entity);
}

/** The same for a copy that `isAlone`: one round trip instead of a transaction around the one statement. */
export async function consumeAlone(
  parts: Parts,
  writes: AloneWrites,
  { definition }: Replica,
  received: Received,
): Promise<Verdict> {
  const change = changeOf(definition, received);
  if (change === undefined) return noVersion;
  const outcome = await writes.putReplica(definition.table, change.id, change.row, change.incoming);
  return judged(parts, definition, outcome, received);
}
