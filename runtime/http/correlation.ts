import type { Random } from '../clock.js';
import type { Scope } from '../scope.js';
import type { HeaderReader } from './header-reader.js';

const traceparent = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/**
 * Why a request is worked on: its `X-Correlation-ID`, or a new one. What the caller sends goes into logs and messages, so only up to 128 visible ASCII
 * characters are taken over; anything else counts as none.
 */
export function causeOfRequest(headers: HeaderReader, random: Random): Scope['cause'] {
  const given = headers.get('x-correlation-id') ?? '';
  const trace = headers.get('traceparent') ?? '';
  return {
    correlationId: /^[\x21-\x7e]{1,128}$/.test(given) ? given : random.uuid(),
    ...(traceparent.test(trace) ? { traceparent: trace } : {}),
  };
}
