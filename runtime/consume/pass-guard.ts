import { lockName } from '../dependencies.js';
import { applies } from '../guard.js';
import type { Parts } from '../parts.js';
import type { UnitOfWork } from '../unit-of-work.js';
import type { DoneVerdict, Effect, Received } from './consumer.js';
import { verdictOf } from './guard.js';
import { incomingOf } from './incoming.js';
import type { ParkTarget } from './park.js';
import { predecessorOf, predecessorRule } from './predecessor.js';
import { Undo } from './undo.js';

/** The message may be applied, and would wait under `target`; or it is done. */
export type Guarded = { readonly kind: 'passed'; readonly target: ParkTarget } | DoneVerdict;

/** Moves a handler's guard, if the contract has one for it. The row stays locked, so that changes of one entity are handled one by one. */
export async function passGuard(
  parts: Parts,
  unit: UnitOfWork,
  consumer: Effect,
  { envelope }: Received,
): Promise<Guarded> {
  const { guard, name, message } = consumer.definition;
  if (guard === undefined) {
    // Each message has its own place: without a version none replaces another.
    const version = { epoch: 0, sequence: 0n, tie: '' };
    return { kind: 'passed', target: { entity: message.name, entityId: envelope.id, version, carries: 'delta' } };
  }
  const { entity, carries } = guard;
  const id = guard.key(envelope.data);
  const incoming = incomingOf(envelope, {
    version: guard.version,
    data: guard.data(envelope.data),
    mapping: message.envelope,
    deleted: envelope.op === 'deleted',
    carries,
  });
  if (incoming === undefined) {
    throw new Undo({ kind: 'dead', reason: 'no-version', detail: 'the message carries no version' });
  }
  const target = { entity, entityId: id, version: incoming.version, carries };
  const predecessor = predecessorOf(name, entity, id);
  if (carries === 'delta') await unit.tx.lock([lockName(predecessor.entity, predecessor.id)]);
  const outcome = await unit.tx.advanceGuard(name, entity, id, incoming);
  parts.telemetry.count('seamwright.guard.decisions', { consumer: name, outcome });
  if (carries === 'delta' && outcome === 'gap') {
    const missing = { rule: predecessorRule, dependency: predecessor, presence: 'unknown' } as const;
    throw new Undo({ kind: 'missing', missing, target, behind: { entity, id, incoming } });
  }
  const verdict = verdictOf(outcome, `${entity} ${id}`);
  if (verdict.kind === 'dead') throw new Undo(verdict);
  if (!applies(outcome, carries)) return verdict;
  if (carries === 'delta' && (await unit.tx.releaseParked(predecessor)) > 0) unit.pending.released = true;
  return { kind: 'passed', target };
}
