import type { Delivery } from '../brokers/broker.js';
import { deadLetterHeaders } from '../brokers/dead-letter.js';
import { causeOf } from '../cause.js';
import type { Envelope } from '../envelope.js';
import { UsageError } from '../errors.js';
import { inTransaction } from '../in-transaction.js';
import type { Parts } from '../parts.js';
import { decode } from '../wire.js';
import { fullSyncRequest, type SyncRequest, syncRequest } from './control.js';
import { forceSync } from './force.js';
import type { FullRuns } from './full-runs.js';

/**
 * Answers control messages: an owner tells an entity again with a forced message, a follower begins a full sync. A request answered twice does no harm.
 */
export function answerRequests(parts: Parts, runs: Pick<FullRuns, 'request'>): (delivery: Delivery) => Promise<void> {
  return async (delivery) => {
    const decoded = decode(delivery.message);
    if (!decoded.ok) return delivery.deadLetter({ [deadLetterHeaders.reason]: 'undecodable' });
    const { envelope } = decoded;
    const answer = answerTo(parts, runs, envelope);
    if (answer === undefined) return delivery.deadLetter({ [deadLetterHeaders.reason]: 'schema-invalid' });
    try {
      await answer();
    } catch (error) {
      parts.log.warn(
        { type: envelope.type, request: envelope.data, error },
        'a request for data could not be answered',
      );
      if (error instanceof UsageError) return delivery.deadLetter({ [deadLetterHeaders.reason]: 'rejected' });
      return delivery.retry(1_000);
    }
    await delivery.ack();
  };
}

/** Undefined for a request that nobody here understands. */
function answerTo(
  parts: Parts,
  runs: Pick<FullRuns, 'request'>,
  envelope: Envelope,
): (() => Promise<void>) | undefined {
  const { type, data } = envelope;
  if (type === syncRequest.name && syncRequest.validate(data)) return () => tellAgain(parts, envelope, data);
  if (type === fullSyncRequest.name && fullSyncRequest.validate(data)) return () => runs.request(data);
  return undefined;
}

async function tellAgain(parts: Parts, envelope: Envelope, request: SyncRequest): Promise<void> {
  const told = await inTransaction(parts, causeOf(envelope), (unit) =>
    forceSync(parts, unit, request.entity, request.id),
  );
  parts.telemetry.count('seamwright.sync.requests', { entity: request.entity, answer: told ? 'told' : 'unknown' });
  if (!told) parts.log.warn({ ...request }, 'asked for an entity that was never told');
}
