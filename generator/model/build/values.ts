import { parseBytes, parseDuration } from '../../schema/duration.js';
import type { DeadLetter, Expression, Invariant, Ordering, Policy, Retry, Security, Wait } from '../types.js';
import type { Node } from './node.js';

/** Milliseconds of a duration, or undefined when it is absent. */
export function duration(node: Node): number | undefined {
  const text = node.text();
  return text === undefined ? undefined : parseDuration(text);
}

export function bytes(node: Node): number | undefined {
  const text = node.text();
  return text === undefined ? undefined : parseBytes(text);
}

export function expression(node: Node): Expression | undefined {
  const text = node.text();
  return text === undefined ? undefined : { text, at: node.at };
}

export function invariants(node: Node): readonly Invariant[] {
  return node.items().flatMap((item) => {
    const bare = expression(item);
    if (bare) return { holds: bare };
    const holds = expression(item.get('holds'));
    const says = item.get('says').text();
    return holds ? { holds, ...optional('says', says) } : [];
  });
}

const day = 86_400_000;

/** Dead lettering is on unless switched off; five deliveries, as long as nothing else is said. */
export function deadLetter(node: Node): DeadLetter {
  return {
    enabled: node.get('enabled').flag() ?? true,
    maxDeliveries: node.get('max_deliveries').number() ?? 5,
    ...optional('alertAfterMs', duration(node.get('alert_after'))),
    ...optional('retentionMs', duration(node.get('retention'))),
    given: node.exists,
    ...(node.exists ? { at: node.keyAt } : {}),
  };
}

export function security(node: Node): Security | undefined {
  if (!node.exists) return undefined;
  const one = node.text();
  return { allow: one === undefined ? node.texts() : [one], at: node.keyAt };
}

/** Waits for five minutes, thirty seconds when forced, as the source documents do; patient messages stay a week. */
export function waits(node: Node): readonly Wait[] {
  return node.items().map((item) => ({
    entity: item.get('entity').text() ?? '',
    by: item.get('by').text() ?? '',
    timeoutMs: duration(item.get('timeout')) ?? 300_000,
    forceTimeoutMs: duration(item.get('force_sync_timeout')) ?? 30_000,
    onTimeout: (item.get('on_timeout').text() ?? 'park') as Wait['onTimeout'],
    optional: item.get('optional').flag() ?? false,
    maxAgeMs: duration(item.get('max_age')) ?? 7 * day,
    at: item.at,
  }));
}

/** Versions are (epoch, sequence) unless a timestamp field is named; equal timestamps are decided by the message id unless that is switched off. */
export function ordering(node: Node, defaultTieBreaker: string): Ordering {
  const version = node.get('version').text();
  const tie = node.get('tie_breaker').text();
  const named = version !== undefined && version !== 'sequence';
  return {
    ...optional('key', node.get('key').text()),
    version: named ? { kind: 'timestamp', path: version } : { kind: 'sequence' },
    tieBreaker: tie === 'none' || !named ? null : (tie ?? defaultTieBreaker),
    stale: (node.get('stale').text() ?? 'drop') as Ordering['stale'],
    given: node.exists,
    at: node.exists ? node.keyAt : node.at,
  };
}

export function retry(node: Node): Retry | undefined {
  if (!node.exists) return undefined;
  const backoff = (node.get('backoff').text() ?? 'exponential') as Retry['backoff'];
  const initialMs = duration(node.get('initial_interval')) ?? 1_000;
  const jitter = node.get('jitter').text();
  return {
    attemptsMax: node.get('max_attempts').number() ?? 3,
    backoff,
    initialMs,
    maxMs: duration(node.get('max_interval')) ?? Math.max(initialMs, 60_000),
    jitter: (jitter ?? 'full') as Retry['jitter'],
    jitterGiven: jitter !== undefined,
    on: node
      .get('on')
      .items()
      .map((item) => String(item.value)),
    at: node.keyAt,
  };
}

export function policy(node: Node, name?: string): Policy {
  const breaker = node.get('circuit_breaker');
  const bulkhead = node.get('bulkhead');
  const cache = node.get('cache');
  const limit = node.get('rate_limit');
  const fallback = node.get('fallback');
  return {
    ...optional('name', name),
    ...optional('timeoutMs', duration(node.get('timeout'))),
    ...optional('deadlineMs', duration(node.get('deadline'))),
    ...optional('retry', retry(node.get('retry'))),
    ...(breaker.exists
      ? {
          circuitBreaker: {
            ...optional('failureThreshold', breaker.get('failure_threshold').number()),
            ...optional('failureRate', breaker.get('failure_rate').number()),
            ...optional('slowCallMs', duration(breaker.get('slow_call'))),
            openForMs: duration(breaker.get('open_for')) ?? 30_000,
            halfOpenMax: breaker.get('half_open_max_calls').number() ?? 1,
          },
        }
      : {}),
    ...(bulkhead.exists
      ? {
          bulkhead: {
            concurrentMax: bulkhead.get('max_concurrent').number() ?? 10,
            queueMax: bulkhead.get('max_queue').number() ?? 0,
          },
        }
      : {}),
    ...(cache.exists
      ? {
          cache: {
            ttlMs: duration(cache.get('ttl')) ?? 0,
            ...optional('staleIfErrorMs', duration(cache.get('stale_if_error'))),
          },
        }
      : {}),
    ...(fallback.exists
      ? {
          fallback: fallback.isMapping
            ? { value: fallback.value }
            : (fallback.text() as Exclude<Policy['fallback'], object | undefined>),
        }
      : {}),
    ...(limit.exists
      ? {
          rateLimit: {
            requests: limit.get('requests').number() ?? 1,
            perMs: duration(limit.get('per')) ?? 1_000,
            ...optional('by', limit.get('by').text()),
          },
        }
      : {}),
    at: node.keyAt,
  };
}

/** `{[key]: value}` when there is a value, else nothing: optional properties are absent, never undefined. */
export function optional<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]?: V });
}
