import type { Delivery, Queue } from '../brokers/broker.js';
import type { Parts } from '../parts.js';
import { createBatch } from './batch.js';
import type { Consumer, ConsumerTable, DeadVerdict, FailedVerdict, Received, Verdict } from './consumer.js';
import { deadHeaders, isMeantFor } from './dead-letter.js';
import { type Failures, rememberFailures } from './failures.js';
import { observe } from './observe.js';
import { processMessage } from './process.js';
import { isReplayed, reportReplay } from './replay-report.js';
import { type Result, settle } from './settle.js';
import { open } from './validate.js';

/** Takes deliveries of one of a service's queues. `parked` is told after a message was put aside. */
export function createPipeline(
  parts: Parts,
  { name: queue, maxDeliveries }: Queue,
  table: ConsumerTable,
  parked: (consumer: Consumer) => Promise<void>,
): (delivery: Delivery) => Promise<void> {
  const failures = rememberFailures();
  const processed = takers(parts, table);

  const take = (consumer: Consumer, received: Received): Promise<Verdict> =>
    observe(parts, queue, consumer, received, (observed) => processed(consumer, observed));

  return async function receive(delivery) {
    if (delivery.attempt > maxDeliveries) {
      // Before anything else looks at it: whatever killed the process the other times would do so again.
      const detail = `handed out ${delivery.attempt} times`;
      return bury(parts, failures, delivery, { kind: 'dead', reason: 'delivery-limit', detail });
    }
    const opened = open(parts, table, delivery.message);
    if (opened.kind === 'broken') return bury(parts, failures, delivery, opened.verdict);
    if (opened.kind === 'unknown') {
      parts.telemetry.count('seamwright.unknown.messages', { type: opened.type });
      parts.log.info({ type: opened.type }, 'nobody here takes this message');
      return delivery.ack();
    }
    const { envelope, wire } = opened;
    const consumers = opened.consumers.filter(({ definition }) => isMeantFor(delivery.message, definition.name));
    if (consumers.length === 0) {
      // Aimed at a consumer that has been renamed or removed since: acknowledged, it would be lost.
      const detail = 'none of the consumers it is meant for is here';
      return bury(parts, failures, delivery, { kind: 'dead', reason: 'no-consumer', detail });
    }
    const received = { envelope, wire, attempt: delivery.attempt };
    const results: Result[] = [];
    for (const consumer of consumers) {
      const verdict = usedUp(failures, consumer, received) ?? (await take(consumer, received));
      results.push({ consumer, verdict });
      if (verdict.kind === 'parked') await parked(consumer);
    }
    parts.telemetry.count('messaging.client.consumed.messages', { message: envelope.type });
    if (isReplayed(delivery.message)) await reportReplay(parts, delivery.message, results);
    await settle(parts, failures, delivery, envelope, results);
  };
}

/** How each consumer takes a message: in batches where its contract says so, else by itself. */
function takers(parts: Parts, table: ConsumerTable): (consumer: Consumer, received: Received) => Promise<Verdict> {
  const batches = new Map<Consumer, (received: Received) => Promise<Verdict>>();
  for (const consumer of [...table.values()].flat()) {
    if (consumer.kind !== 'replica' || (consumer.definition.batchSize ?? 1) < 2) continue;
    batches.set(consumer, createBatch(parts, consumer));
  }
  return (consumer, received) => {
    const batch = batches.get(consumer);
    return batch === undefined ? processMessage(parts, consumer, received) : batch(received);
  };
}

/** The failure of a consumer that has used up its tries, when the message comes again for the sake of another one. */
function usedUp(failures: Failures, consumer: Consumer, { attempt, envelope }: Received): FailedVerdict | undefined {
  const { name, retry } = consumer.definition;
  const failure = attempt > retry.attemptsMax ? failures.known(name, envelope.id) : undefined;
  return failure && { kind: 'failed', error: failure.error };
}

function bury(parts: Parts, failures: Failures, delivery: Delivery, verdict: DeadVerdict): Promise<void> {
  return delivery.deadLetter(deadHeaders(parts, failures, undefined, [{ verdict }]));
}
