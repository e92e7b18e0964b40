import type { Carries } from '../envelope.js';
import type { Version } from '../guard.js';
import type { Parts } from '../parts.js';
import { requestSync } from '../sync/request.js';
import type { UnitOfWork } from '../unit-of-work.js';
import type { Consumer, Received } from './consumer.js';
import type { Missing, WaitAction } from './on-timeout.js';

/** Under which name a message waits. Messages that carry state share their entity's place, others have one each. */
export interface ParkTarget {
  readonly entity: string;
  readonly entityId: string;
  readonly version: Version;
  readonly carries: Carries;
}

/** Puts a message aside in the transaction that found its dependency missing. */
export async function park(
  parts: Parts,
  unit: UnitOfWork,
  consumer: Consumer,
  received: Received,
  target: ParkTarget,
  missing: Missing,
  action: Extract<WaitAction, { readonly kind: 'park' }>,
): Promise<void> {
  const { envelope, parked } = received;
  const { name } = consumer.definition;
  const nowMs = parts.clock.now();
  const expiresAt = parked?.expiresAt ?? nowMs + missing.rule.maxAgeMs;
  await unit.tx.park({
    consumer: name,
    ...target,
    dependency: missing.dependency,
    messageId: envelope.id,
    message: received.wire,
    parkedAt: parked?.parkedAt ?? nowMs,
    timeoutAt: Math.min(action.timeoutAt, expiresAt),
    expiresAt,
    attempts: action.attempts,
  });
  if (action.pull) await requestSync(parts, unit, missing.dependency);
  const facts = {
    consumer: name,
    messageId: envelope.id,
    correlationId: envelope.correlationid,
    entity: target.entity,
    entityId: target.entityId,
    waiting_for: missing.dependency.entity,
    waiting_for_id: missing.dependency.id,
  };
  const text = `Waiting for ${missing.dependency.entity} ${missing.dependency.id}`;
  if (action.alert) parts.log.warn({ ...facts, presence: missing.presence }, `${text}: overdue`);
  else parts.log.info(facts, text);
  if (parked === undefined) parts.telemetry.count('seamwright.parked.messages', { consumer: name });
}
