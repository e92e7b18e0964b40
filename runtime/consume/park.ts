import type { Carries, WireMessage } from '../envelope.js';
import type { Version } from '../guard.js';
import type { Parts } from '../parts.js';
import { requestSync } from '../sync/request.js';
import type { UnitOfWork } from '../unit-of-work.js';
import type { Consumer, Received } from './consumer.js';
import type { Missing, WaitAction } from './on-timeout.js';

/** Header of a parked message: the span in which it was put aside, as `traceparent`. */
const waitedInHeader = 'sw-parked-in';

/** The span in which a message was parked; undefined when nobody traced it. */
export function waitedIn(wire: WireMessage): string | undefined {
  return wire.headers[waitedInHeader];
}

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
    message: parkedWire(received),
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

function parkedWire({ wire, envelope: { traceparent } }: Received): WireMessage {
  // Untraced it is still the sender's.
  if (traceparent === undefined || traceparent === wire.headers['ce-traceparent']) return wire;
  return { ...wire, headers: { ...wire.headers, [waitedInHeader]: traceparent } };
}
