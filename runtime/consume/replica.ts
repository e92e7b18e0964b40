import type { ReplicaDefinition } from '../definition.js';
import { lockName } from '../dependencies.js';
import { applies, type Incoming, type Outcome } from '../guard.js';
import { instantNanoseconds } from '../instant.js';
import type { Parts } from '../parts.js';
import type { UnitOfWork } from '../unit-of-work.js';
import type { Received, Replica, Verdict } from './consumer.js';
import { verdictOf } from './guard.js';
import { incomingOf } from './incoming.js';
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
  const incoming = incomingFor(definition, received);
  if (incoming === undefined) return { kind: 'dead', reason: 'no-version', detail: 'the message carries no version' };
  const id = definition.key(message);
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
  const row = incoming.deleted ? null : asRow(definition.fields(message));
  const outcome = await unit.tx.putReplica(definition.table, id, row, incoming);
  if (awaited && applies(outcome, 'state')) {
    // A tombstone wakes the waiting as well: they learn that it will not come.
    const released = await unit.tx.releaseParked({ entity: definition.entity, id });
    if (released > 0) unit.pending.released = true;
  }
  if (applies(outcome, 'state')) tellLag(parts, definition, received);
  return judged(parts, definition, outcome, received);
}

/** Time from the owner's change to the copy's, by two clocks. */
function tellLag(parts: Parts, definition: ReplicaDefinition, { envelope }: Received): void {
  const changedAt = instantNanoseconds(envelope.time);
  if (changedAt === undefined) return;
  const seconds = parts.clock.now() / 1000 - Number(changedAt / 1_000_000n) / 1000;
  parts.telemetry.duration('seamwright.sync.lag', Math.max(seconds, 0), { consumer: definition.name });
}

function incomingFor(definition: ReplicaDefinition, received: Received): Incoming | undefined {
  const message = received.envelope.data;
  const left = definition.when?.(message) === false;
  // A copy is replaced whole: a header that calls the message a delta must not let it wait for a predecessor nobody looks for.
  return incomingOf(
    { ...received.envelope, carries: 'state' },
    {
      version: definition.version,
      data: definition.data(message),
      mapping: definition.message.envelope,
      // Left out by `when` = gone for this consumer; the tombstone keeps the place in the order.
      deleted: left || definition.deleted(message, received.envelope.op),
    },
  );
}

function judged(parts: Parts, definition: ReplicaDefinition, outcome: Outcome, received: Received): Verdict {
  parts.telemetry.count('seamwright.guard.decisions', { consumer: definition.name, outcome });
  return verdictOf(outcome, `${definition.entity} ${definition.key(received.envelope.data)}`);
}

/** Fields of a copy by name; generated row types are interfaces without an index signature. */
function asRow(fields: object): Readonly<Record<string, unknown>> {
  return { ...fields };
}
