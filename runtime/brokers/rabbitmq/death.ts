import type { MessageProperties } from 'amqplib';
import type { Queue } from '../broker.js';
import { deadLetterHeaders } from '../dead-letter.js';
import { partitionNames } from './layout.js';
import { ownHeaders, readHeaders } from './properties.js';

/** Headers of a message among the dead letters of `queues`: with the reason, the queue and the attempts where the server put it there itself. */
export function readDeadHeaders(
  properties: MessageProperties,
  queues: readonly Queue[],
): Readonly<Record<string, string>> {
  const headers = readHeaders(properties);
  const death = lastDeath(properties);
  if (death === undefined || headers[deadLetterHeaders.reason] !== undefined) return headers;
  const from = queues.find((queue) => partitionNames(queue).includes(death.queue));
  // The limit is the only reason for which the server has counted: every allowed delivery took place.
  const counted = death.reason === 'delivery_limit' && from !== undefined ? from.maxDeliveries : 0;
  const attempts = counted + (triesOf(properties, from?.name) ?? 0);
  return {
    ...headers,
    [deadLetterHeaders.reason]: death.reason.replaceAll('_', '-'),
    [deadLetterHeaders.queue]: from?.name ?? death.queue,
    ...(attempts > 0 || from !== undefined ? { [deadLetterHeaders.attempts]: String(attempts) } : {}),
  };
}

/** Hand-overs before the message was sent to `queue`; 0 when it was never sent on there. */
export function triesOf(properties: MessageProperties, queue: string | undefined): number {
  const headers: Readonly<Record<string, unknown>> | undefined = properties.headers;
  if (headers === undefined || headers[ownHeaders.queue] === undefined) return 0;
  const tries = Number(headers[ownHeaders.tries]);
  return headers[ownHeaders.queue] === queue && tries > 0 ? tries : 0;
}

/** The latest entry of `x-death`; they are kept newest first. */
function lastDeath(properties: MessageProperties): { readonly reason: string; readonly queue: string } | undefined {
  const deaths: unknown = properties.headers?.['x-death'];
  const { reason, queue } = (Array.isArray(deaths) ? (deaths[0] ?? {}) : {}) as { reason?: unknown; queue?: unknown };
  return typeof reason === 'string' && typeof queue === 'string' ? { reason, queue } : undefined;
}
