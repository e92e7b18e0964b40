import type { DeadLetter, Ordering, Security } from '../../model/types.js';
import { plain, sorted } from './plain.js';

/** Settings that entities, events and commands share: how copies of a message are put in order, who may send, and where poison goes. */
export function orderingSettings(ordering: Ordering | undefined): Readonly<Record<string, unknown>> {
  if (ordering === undefined) return {};
  const { version } = ordering;
  return {
    'ordering.key': ordering.key,
    'ordering.version': version.kind === 'sequence' ? 'sequence' : version.path,
    'ordering.tie_breaker': ordering.tieBreaker ?? 'none',
    'ordering.stale': ordering.stale,
  };
}

export function securitySettings(security: Security | undefined): Readonly<Record<string, unknown>> {
  return { security: security === undefined ? undefined : sorted(security.allow) };
}

export function deadLetterSettings(deadLetter: DeadLetter): Readonly<Record<string, unknown>> {
  const { enabled, maxDeliveries, alertAfterMs, retentionMs } = deadLetter;
  return {
    'dead_letter.enabled': enabled,
    'dead_letter.max_deliveries': maxDeliveries,
    'dead_letter.alert_after': alertAfterMs,
    'dead_letter.retention': retentionMs,
  };
}

/** Waits of a copy or a consumer, in one order: which is waited for first changes nothing. */
export function waitSettings(waits: readonly { readonly entity: string; readonly by: string }[]): unknown {
  return plain([...waits].sort((a, b) => (`${a.entity} ${a.by}` < `${b.entity} ${b.by}` ? -1 : 1)));
}
