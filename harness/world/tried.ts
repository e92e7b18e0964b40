import { deadlineHeader, readDeadline } from '../../runtime/http/deadline-header.js';
import type { Seen, Tried } from '../history.js';
import { stepOf, uuidOf } from '../plan.js';
import type { Routed } from './providers/operation-table.js';

/** One try of a call as it lies on the wire. */
export interface SentTry {
  readonly call: number;
  readonly provider: string;
  readonly routed: Routed;
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  /** Empty when it has none, or one that is no text. */
  readonly body: string;
}

/** What is taken down of a try: itself, the step that it follows from, and that it leaves its caller. */
export interface TryTaken {
  readonly step: string | undefined;
  readonly tried: Tried;
  readonly calling: Extract<Seen, { kind: 'calling' }>;
}

/** `startMs`: instant that times are counted from. */
export function takeTry(sent: SentTry, at: { readonly nowMs: number; readonly startMs: number }): TryTaken {
  const { call, provider, routed, method, url, headers, body } = sent;
  const { pathname, search } = new URL(url);
  const correlationId = headers.get('x-correlation-id') ?? undefined;
  const key = headers.get(routed.idempotencyHeader);
  const tried: Tried = {
    ...{ call, operation: `${provider}.${routed.name}`, method, path: pathname + search },
    asks: uuidOf([method, url, body].join('\n')).slice(0, 8),
    ...(key !== null && { idempotencyKey: key }),
  };
  const deadlineAtMs = readDeadline(headers.get(deadlineHeader), at.nowMs);
  const calling = {
    ...{ kind: 'calling' as const, ...tried },
    ...(correlationId !== undefined && { correlationId }),
    ...(deadlineAtMs !== undefined && { deadlineAt: deadlineAtMs - at.startMs }),
  };
  return { step: stepOf(correlationId), tried, calling };
}
