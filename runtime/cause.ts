import type { Envelope } from './envelope.js';
import type { Cause } from './unit-of-work.js';

/** A message as the cause of what is done about it: the correlation goes on, the message itself becomes the cause. */
export function causeOf(envelope: Envelope): Cause {
  return {
    correlationId: envelope.correlationid,
    causationId: envelope.id,
    ...(envelope.traceparent === undefined ? {} : { traceparent: envelope.traceparent }),
  };
}
