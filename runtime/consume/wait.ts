import type { WaitRule } from '../definition.js';
import { dependencyOf, lockName } from '../dependencies.js';
import type { Parts } from '../parts.js';
import type { Transaction } from '../stores/store.js';
import type { UnitOfWork } from '../unit-of-work.js';
import type { Consumer, Received, Verdict } from './consumer.js';
import { type Missing, onMissing, type WaitAction } from './on-timeout.js';
import { type ParkTarget, park } from './park.js';

/** Names to lock before looking for dependencies, so that none of them can arrive between the look and the parking. */
export function dependencyLocks(awaits: readonly WaitRule<unknown>[], message: unknown): readonly string[] {
  return awaits.flatMap((rule) => {
    const id = rule.by(message);
    return id === null || id === undefined || id === '' ? [] : [lockName(rule.entity, id)];
  });
}

/** The first dependency that is not there, among those that `ignore` does not hold; undefined when the message may be applied. */
export async function findMissing(
  parts: Parts,
  tx: Transaction,
  awaits: readonly WaitRule<unknown>[],
  message: unknown,
  ignore: ReadonlySet<WaitRule<unknown>> = new Set(),
): Promise<(Missing & { readonly rule: WaitRule<unknown> }) | undefined> {
  for (const rule of awaits) {
    const id = rule.by(message);
    // An empty reference has nothing to wait for.
    if (id === null || id === undefined || id === '' || ignore.has(rule)) continue;
    const presence = await dependencyOf(parts.definition, rule.entity).presence(tx, id);
    if (presence !== 'live') return { rule, dependency: { entity: rule.entity, id }, presence };
  }
  return undefined;
}

/**
 * Waits for the message's dependencies in `unit`: undefined when it may be applied now, else what became of it.
 * The caller holds the locks of `dependencyLocks`.
 */
export async function awaitDependencies(
  parts: Parts,
  unit: UnitOfWork,
  consumer: Consumer,
  received: Received,
  target: ParkTarget,
): Promise<Verdict | undefined> {
  const ignore = new Set<WaitRule<unknown>>();
  for (;;) {
    const { awaits } = consumer.definition;
    const missing = await findMissing(parts, unit.tx, awaits, received.envelope.data, ignore);
    if (missing === undefined) return undefined;
    const action = decideWait(parts, consumer, received, missing);
    if (action.kind !== 'pass') return carryOut(parts, unit, consumer, received, target, missing, action);
    ignore.add(missing.rule);
  }
}

/** What to do about one missing dependency, by the contract and the clock. */
export function decideWait(parts: Parts, consumer: Consumer, received: Received, missing: Missing): WaitAction {
  const { retry } = consumer.definition;
  return onMissing(missing, received, {
    nowMs: parts.clock.now(),
    retry,
    retryDelayMs: (attempt) => parts.retryDelayMs(retry, attempt),
  });
}

/** Writes down what was decided. */
export async function carryOut(
  parts: Parts,
  unit: UnitOfWork,
  consumer: Consumer,
  received: Received,
  target: ParkTarget,
  missing: Missing,
  action: Exclude<WaitAction, { readonly kind: 'pass' }>,
): Promise<Verdict> {
  const facts = { consumer: consumer.definition.name, messageId: received.envelope.id, ...missing.dependency };
  switch (action.kind) {
    case 'keep':
      return { kind: 'parked' };
    case 'park':
      await park(parts, unit, consumer, received, target, missing, action);
      return { kind: 'parked' };
    case 'dead':
      return {
        kind: 'dead',
        reason: action.reason,
        detail: `${missing.dependency.entity} ${missing.dependency.id} is ${missing.presence}`,
      };
    case 'skip':
      parts.log.warn(facts, 'dropped a message whose dependency did not come');
      return { kind: 'done', outcome: 'skipped' };
  }
}
