import { RejectMessageError } from '../errors.js';
import { withFacts } from '../log.js';
import type { Parts } from '../parts.js';
import type { DeadVerdict, Effect, FailedVerdict, Received } from './consumer.js';

/** Calls the user's handler and answers what it returns. `tx` is what its contract offers it. Rejects with whatever the handler rejects with. */
export async function runHandler(parts: Parts, consumer: Effect, received: Received, tx: unknown): Promise<unknown> {
  const { envelope, attempt } = received;
  const facts = { consumer: consumer.definition.name, messageId: envelope.id, correlationId: envelope.correlationid };
  // It may have waited for a lock while the service was told to stop.
  parts.signal.throwIfAborted();
  const handle = (): Promise<unknown> =>
    consumer.handler({
      event: envelope.data,
      tx,
      log: withFacts(parts.log, facts),
      meta: {
        id: envelope.id,
        source: envelope.source,
        time: envelope.time,
        correlationId: envelope.correlationid,
        ...(envelope.causationid !== undefined && { causationId: envelope.causationid }),
        attempt,
      },
      signal: parts.signal,
    });
  if (parts.aroundHandler === undefined) return handle();
  let returned: unknown;
  await parts.aroundHandler({ ...facts, attempt }, async () => {
    returned = await handle();
  });
  return returned;
}

/** What a handler's rejection means: a rejected message is dead at once, anything else may go better later. */
export function failureOf(error: unknown): DeadVerdict | FailedVerdict {
  return error instanceof RejectMessageError
    ? { kind: 'dead', reason: 'rejected', detail: error.message }
    : { kind: 'failed', error };
}
