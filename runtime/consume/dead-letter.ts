import { deadLetterHeaders } from '../brokers/dead-letter.js';
import type { Envelope, WireMessage } from '../envelope.js';
import { decodeHeaderValue, encodeHeaderValue } from '../header-value.js';
import type { Parts } from '../parts.js';
import { redactText } from '../redact.js';
import { consumerQueue } from '../service-queue.js';
import { traceIdOf } from '../tracing.js';
import type { UnitOfWork } from '../unit-of-work.js';
import type { Consumer, DeadVerdict, Received } from './consumer.js';
import type { Failures } from './failures.js';

/** Headers that tell whoever finds a dead letter what happened; beside them are `deadLetterHeaders`. Values are percent-encoded UTF-8. */
export const failureHeaders = {
  /** Consumers that could not take the message, comma separated. A message with this header goes to them only: see `isMeantFor`. */
  consumer: 'sw-consumer',
  detail: 'sw-detail',
  firstError: 'sw-first-error',
  lastError: 'sw-last-error',
  /** Milliseconds since the epoch, decimal. */
  firstFailedAt: 'sw-first-failed-at',
  lastFailedAt: 'sw-last-failed-at',
  /** `<epoch>/<sequence>` of the message, when it carries one. */
  version: 'sw-version',
} as const;

/** The message for one consumer only, whoever else takes its type. */
export function aimedAt(wire: WireMessage, consumer: string): WireMessage {
  return { ...wire, headers: { ...wire.headers, [failureHeaders.consumer]: encodeHeaderValue(consumer) } };
}

/** Whether a message is for this consumer: a replayed dead letter goes to those that failed only, the others had it. */
export function isMeantFor(wire: WireMessage, consumer: string): boolean {
  const names = wire.headers[failureHeaders.consumer];
  return names === undefined || (decodeHeaderValue(names) ?? '').split(',').includes(consumer);
}

/** One consumer's part in a dead letter; absent when nobody could even read the message. */
export interface DeadAt {
  readonly consumer?: Consumer;
  readonly verdict: DeadVerdict;
}

/** What is written on the message, and told to the log and the metrics. Of several consumers the first one's reason is the headline. */
export function deadHeaders(
  parts: Parts,
  failures: Failures,
  envelope: Envelope | undefined,
  dead: readonly [DeadAt, ...DeadAt[]],
): Readonly<Record<string, string>> {
  const [{ consumer, verdict }] = dead;
  const names = dead.flatMap((one) => one.consumer?.definition.name ?? []);
  const failure = consumer && envelope && failures.take(consumer.definition.name, envelope.id);
  for (const one of dead) tell(parts, envelope, one);
  const nowMs = String(parts.clock.now());
  const detail = masked(verdict.detail, envelope, consumer);
  const texts = {
    [deadLetterHeaders.reason]: verdict.reason,
    [failureHeaders.detail]: detail,
    [failureHeaders.firstError]: masked(failure?.firstError ?? detail, envelope, consumer),
    [failureHeaders.lastError]: masked(failure?.lastError ?? detail, envelope, consumer),
    [failureHeaders.firstFailedAt]: String(failure?.firstFailedAt ?? nowMs),
    [failureHeaders.lastFailedAt]: nowMs,
    ...(names.length > 0 && { [failureHeaders.consumer]: names.join(',') }),
    ...(envelope?.sequence !== undefined && {
      [failureHeaders.version]: `${envelope.epoch ?? 0}/${envelope.sequence}`,
    }),
  };
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, encodeHeaderValue(text.slice(0, 1000))]),
  );
}

/** Sends a parked message to the dead letters of the consumer's queue, in the transaction that gives it up. */
export async function buryParked(
  parts: Parts,
  unit: UnitOfWork,
  consumer: Consumer,
  received: Pick<Received, 'wire' | 'attempt'> & { readonly envelope?: Envelope },
  verdict: DeadVerdict,
): Promise<void> {
  const queue = consumerQueue(parts.definition, consumer.definition);
  const facts = deadHeaders(parts, noFailures, received.envelope, [{ consumer, verdict }]);
  const headers = {
    ...received.wire.headers,
    [deadLetterHeaders.queue]: queue.name,
    [deadLetterHeaders.attempts]: String(received.attempt),
    ...facts,
  };
  const id = parts.random.uuid();
  await unit.tx.appendOutbox([
    {
      id,
      key: `dead-letter:${id}`,
      address: { exchange: '', key: queue.deadLetter },
      message: { headers, body: received.wire.body },
      dueAt: 0,
    },
  ]);
  unit.pending.outbox = true;
}

const noFailures: Failures = { note: () => {}, known: () => undefined, take: () => undefined };

function tell(parts: Parts, envelope: Envelope | undefined, { consumer, verdict }: DeadAt): void {
  const name = consumer?.definition.name ?? '';
  parts.telemetry.count('seamwright.dlq.messages', { reason: verdict.reason, ...(name && { consumer: name }) });
  const facts = {
    consumer: name,
    messageId: envelope?.id,
    correlationId: envelope?.correlationid,
    traceId: traceIdOf(envelope?.traceparent),
    reason: verdict.reason,
  };
  parts.log.error(facts, `message sent to the dead letters: ${masked(verdict.detail, envelope, consumer)}`);
}

/** An error of a handler or a database may quote the payload: personal values of it are for nobody who looks at dead letters. */
function masked(text: string, envelope: Envelope | undefined, consumer: Consumer | undefined): string {
  return redactText(consumer?.definition.message.redact, envelope?.data, text);
}
