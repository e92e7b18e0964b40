import type { Delivery } from '../brokers/broker.js';
import { deadLetterHeaders } from '../brokers/dead-letter.js';
import { causeOf } from '../cause.js';
import { UsageError } from '../errors.js';
import { inTransaction } from '../in-transaction.js';
import type { Parts } from '../parts.js';
import { decode } from '../wire.js';
import { syncRequest } from './control.js';
import { forceSync } from './force.js';

/** The owner's side of a control queue: answers each request with a forced message. A request answered twice does no harm. */
export function answerRequests(parts: Parts): (delivery: Delivery) => Promise<void> {
  return async (delivery) => {
    const decoded = decode(delivery.message);
    if (!decoded.ok) return delivery.deadLetter({ [deadLetterHeaders.reason]: 'undecodable' });
    const { envelope } = decoded;
    const request = envelope.data;
    if (envelope.type !== syncRequest.name || !syncRequest.validate(request)) {
      return delivery.deadLetter({ [deadLetterHeaders.reason]: 'schema-invalid' });
    }
    try {
      const told = await inTransaction(parts, causeOf(envelope), (unit) =>
        forceSync(parts, unit, request.entity, request.id),
      );
      parts.telemetry.count('seamwright.sync.requests', { entity: request.entity, answer: told ? 'told' : 'unknown' });
      if (!told) parts.log.warn({ ...request }, 'asked for an entity that was never told');
    } catch (error) {
      parts.log.warn({ ...request, error }, 'a request for data could not be answered');
      if (error instanceof UsageError) return delivery.deadLetter({ [deadLetterHeaders.reason]: 'rejected' });
      return delivery.retry(1_000);
    }
    await delivery.ack();
  };
}
